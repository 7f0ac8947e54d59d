package dev.faultscope.model;

import static dev.faultscope.model.PageState.CACHED;
import static dev.faultscope.model.PageState.DIRTY;
import static dev.faultscope.model.PageState.ERROR;
import static dev.faultscope.model.PageState.MAPPED;
import static dev.faultscope.model.PageState.POISONED;
import static dev.faultscope.model.PageState.STAGE2;
import static dev.faultscope.model.PageState.UFFD_WP;
import static dev.faultscope.model.PageState.WAITING;
import static dev.faultscope.model.PageState.ZERO;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * What an ioctl of a userfaultfd does to one page of its range, for those who see the call and not
 * the kernel: the live handler, readers of traces. The simulated kernel does not use it and is what
 * it is held against.
 *
 * @param clear bits of {@link PageState} that go
 * @param set bits that come
 * @param endsWaits whether everybody wakes who waits for the page; {@code clear} has those bits
 *     then
 * @param unknown bits of which the call does not tell what they are afterwards; {@code set} may
 *     have some, which is a conclusion then
 */
public record PageEffect(int clear, int set, boolean endsWaits, int unknown) {
  private static final PageEffect NONE = new PageEffect(0, 0, false, 0);
  private static final PageEffect STOPPED = new PageEffect(0, ERROR, false, 0);

  /**
   * What a fill replaces: whatever was in front of the page, and the mark of an earlier failure.
   */
  private static final int REPLACED = DIRTY | UFFD_WP | POISONED | ERROR;

  /**
   * What is to be known of a range's memory.
   *
   * @param backing what is behind it
   * @param modes what it was registered with ({@link Region#MISSING} and so on), 0 if not known
   * @param kernel what this kernel does otherwise than others
   */
  public record Memory(Backing backing, int modes, Kernel kernel) {}

  /**
   * Where kernels, and userfaultfds, differ in what they do to pages.
   *
   * @param continueAllocates CONTINUE makes a page of zeros where the file has none, as the seed's
   *     second version does
   * @param marksAbsent write protection of absent anonymous pages is remembered:
   *     UFFD_FEATURE_WP_UNPOPULATED
   */
  public record Kernel(boolean continueAllocates, boolean marksAbsent) {
    /** A released kernel, a userfaultfd without features. */
    public static final Kernel PLAIN = new Kernel(false, false);
  }

  /** Pages next to each other that an ioctl does the same to. */
  public record Run(int first, int pages, PageEffect effect) {
    public int end() {
      return first + pages;
    }
  }

  /** {@return the state after it} */
  public int on(int before) {
    return (before & ~clear) | set;
  }

  /** {@return whether something changes beside who waits} */
  public boolean changesPage() {
    return (clear & ~(WAITING | ERROR)) != 0 || set != 0;
  }

  /** {@return whether what it sets is a conclusion} */
  public boolean isInferred() {
    return (set & unknown) != 0;
  }

  /**
   * {@return what an ioctl does to a page that it has done}
   *
   * @param mode its mode bits
   * @param before the page's state, as far as it is known
   */
  public static PageEffect of(UffdIoctl ioctl, long mode, Memory memory, int before) {
    PageEffect effect =
        switch (ioctl) {
          case COPY ->
              fill(
                  REPLACED | ZERO, MAPPED | cached(memory) | wp(ioctl, mode), unknownCache(memory));
          case ZEROPAGE -> fill(REPLACED, MAPPED | ZERO | cached(memory), unknownCache(memory));
          case CONTINUE -> {
            boolean allocated = memory.kernel.continueAllocates && (before & CACHED) == 0;
            yield fill(REPLACED, MAPPED | CACHED | (allocated ? ZERO : 0) | wp(ioctl, mode), 0);
          }
          // It succeeds only where nothing is mapped; the page in the cache stays what it is.
          case POISON -> fill(MAPPED | REPLACED, POISONED, 0);
          case MOVE -> {
            // What came is what was there, which nobody sees; with holes perhaps nothing.
            boolean mayBeHole = (mode & UffdIoctl.MOVE.bit("ALLOW_SRC_HOLES")) != 0;
            yield fill(REPLACED | ZERO, MAPPED, DIRTY | ZERO | (mayBeHole ? MAPPED : 0));
          }
          case WRITEPROTECT -> ioctl.protects(mode) ? protect(memory, before) : unprotect();
          case UNREGISTER -> unregister(memory);
          case WAKE, REGISTER, API, UNKNOWN -> NONE;
        };
    boolean wakes =
        ioctl.wakes(mode)
            && (ioctl != UffdIoctl.UNREGISTER || (memory.modes & Region.MISSING) != 0);
    return wakes ? effect.waking(before) : effect;
  }

  private static PageEffect fill(int clear, int set, int unknown) {
    return new PageEffect(clear, set, false, unknown);
  }

  private static int wp(UffdIoctl ioctl, long mode) {
    return ioctl.protects(mode) ? UFFD_WP : 0;
  }

  private static int cached(Memory memory) {
    return memory.backing.mapsCache() ? CACHED : 0;
  }

  private static int unknownCache(Memory memory) {
    return memory.backing == Backing.UNKNOWN ? CACHED : 0;
  }

  private static PageEffect protect(Memory memory, int before) {
    if ((before & POISONED) != 0) {
      return new PageEffect(ERROR | STAGE2, 0, false, 0);
    }
    boolean anon = memory.backing == Backing.ANON || memory.backing == Backing.UNKNOWN;
    boolean marked = !anon || memory.kernel.marksAbsent || (before & MAPPED) != 0;
    return new PageEffect(ERROR | STAGE2, marked ? UFFD_WP : 0, false, marked ? 0 : UFFD_WP);
  }

  private static PageEffect unprotect() {
    return new PageEffect(UFFD_WP | ERROR, 0, false, 0);
  }

  private static PageEffect unregister(Memory memory) {
    if (memory.modes == 0) {
      return new PageEffect(0, 0, false, UFFD_WP | ERROR | WAITING);
    }
    return (memory.modes & Region.WP) != 0 ? unprotect() : NONE;
  }

  /** Who is woken tries anew: what failed before is no matter any more. */
  private PageEffect waking(int before) {
    int failure = (before & WAITING) != 0 ? ERROR : 0;
    return new PageEffect(clear | WAITING | failure, set, true, unknown);
  }

  /**
   * {@return what an ioctl does to the pages of its range, in order; pages that stay as they are
   * are left out}
   *
   * @param before the state of each page of the range, by its number in the range
   */
  public static List<Run> over(
      UffdIoctl ioctl, long mode, CallResult result, Memory memory, IntUnaryOperator before) {
    List<Run> runs = new ArrayList<>(2);
    int from = 0;
    while (from < result.done()) {
      int state = before.applyAsInt(from);
      PageEffect effect = of(ioctl, mode, memory, state);
      int to = from + 1;
      while (to < result.done()) {
        int next = before.applyAsInt(to);
        if (next != state && !of(ioctl, mode, memory, next).equals(effect)) {
          break;
        }
        to++;
      }
      if (effect.changesPage() || effect.endsWaits) {
        runs.add(new Run(from, to - from, effect));
      }
      from = to;
    }
    if (result.failed() >= 0) {
      runs.add(new Run(result.failed(), 1, STOPPED));
    }
    return runs;
  }
}
