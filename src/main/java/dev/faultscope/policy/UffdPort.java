package dev.faultscope.policy;

import dev.faultscope.model.Errno;

/**
 * The calls that a plan is carried out with, on one userfaultfd: of the simulated kernel or of a
 * real one. Pages are numbered as in the handler's {@link HandledPages}, 4 KiB each.
 */
public interface UffdPort {
  /** One call. */
  enum Call {
    /** Bring pages from the source and write them into the file. */
    WRITE,
    /** Bring pages from the source and put them in place. */
    COPY,
    /** Map what the file holds. */
    CONTINUE,
    /** Put zeros in place, with copies of zeros where the kernel has no zero page of that size. */
    ZEROPAGE,
    WAKE,
    /** Take the write protection off pages and wake who waits for that. */
    UNPROTECT
  }

  /**
   * What a call came to.
   *
   * @param errno OK, or what ended it
   * @param pages how many it did, from the first on
   */
  record Result(Errno errno, int pages) {}

  /**
   * Makes a call.
   *
   * @param wakes whether it wakes who waits for the pages; else they sleep on
   */
  Result make(Call call, int first, int count, boolean wakes);

  /** Pages turned out to be in place already: told before who waits for them is woken. */
  default void found(int first, int count) {}

  /** A call cannot be made, and its pages are given up. */
  default void dropped(Call call, int first, int count, Errno errno) {}
}
