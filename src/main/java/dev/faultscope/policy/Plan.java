package dev.faultscope.policy;

import java.util.Arrays;

/** What a handler is to do, in order. */
public final class Plan {
  /** What one entry asks for. */
  public enum Kind {
    /** Put pages in place, whatever that takes, and wake who waits for them. */
    INSTALL,
    /** Put pages in place and let who waits for them sleep on. */
    INSTALL_QUIETLY,
    /** Wake who waits for pages. */
    WAKE,
    /** Take the write protection off pages and wake who waits for that. */
    UNPROTECT
  }

  /** Entries that make a plan full: a policy that has more to say waits for its next chance. */
  public static final int FULL = 4096;

  /** Room for the entries that the faults of every thread need beside a full plan. */
  private static final int CAPACITY = 4 * FULL;

  private static final Kind[] KINDS = Kind.values();

  private int[] kinds = new int[16];
  private int[] firsts = new int[16];
  private int[] counts = new int[16];
  private long[] causes = new long[16];
  private long cause;
  private int size;
  private int next;

  /**
   * Says what the entries added from now on are there for.
   *
   * @param event sequence number of the recording's event, 0 for none
   */
  public void because(long event) {
    cause = event;
  }

  /** Adds an entry for pages {@code from} to {@code to}, the latter not included. */
  public void add(Kind kind, int from, int to) {
    if (to <= from) {
      return;
    }
    if (size == kinds.length) {
      if (size == CAPACITY) {
        throw new IllegalStateException("a plan has at most " + CAPACITY + " entries");
      }
      kinds = Arrays.copyOf(kinds, size * 2);
      firsts = Arrays.copyOf(firsts, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
      causes = Arrays.copyOf(causes, size * 2);
    }
    kinds[size] = kind.ordinal();
    firsts[size] = from;
    causes[size] = cause;
    counts[size++] = to - from;
  }

  /** Adds an entry for one page. */
  public void add(Kind kind, int page) {
    add(kind, page, page + 1);
  }

  public boolean isEmpty() {
    return next == size;
  }

  /** {@return whether {@link #FULL} entries are planned} */
  public boolean isFull() {
    return size - next >= FULL;
  }

  public void clear() {
    next = 0;
    size = 0;
  }

  // The handler's side: the entry at the front, of which parts are done.

  public Kind kind() {
    return KINDS[kinds[next]];
  }

  /** {@return what the entry is there for: an event's sequence number, 0 for none} */
  public long cause() {
    return causes[next];
  }

  /** {@return pages of all entries that are left} */
  public int pages() {
    int pages = 0;
    for (int i = next; i < size; i++) {
      pages += counts[i];
    }
    return pages;
  }

  public int first() {
    return firsts[next];
  }

  public int count() {
    return counts[next];
  }

  /** Some pages at the front are done. */
  public void done(int pages) {
    firsts[next] += pages;
    counts[next] -= pages;
    if (counts[next] <= 0) {
      next++;
      if (next == size) {
        clear();
      }
    }
  }
}
