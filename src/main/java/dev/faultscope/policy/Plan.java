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
  private int size;
  private int next;

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
    }
    kinds[size] = kind.ordinal();
    firsts[size] = from;
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
