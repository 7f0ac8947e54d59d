package dev.faultscope.linux;

/** What a userfaultfd tells its reader. */
public sealed interface UffdMessage {
  /**
   * A thread sleeps in a fault.
   *
   * @param address the page, or the byte where EXACT_ADDRESS was asked for
   * @param flags 1 write, 2 write-protect, 4 minor; missing is neither of the last two
   * @param threadId who sleeps, where THREAD_ID was asked for; else 0
   */
  record Pagefault(long address, long flags, int threadId) implements UffdMessage {
    /** {@return whether the access is a write} */
    public boolean isWrite() {
      return (flags & 1) != 0;
    }

    /** {@return whether the page is present but write-protected} */
    public boolean isWriteProtect() {
      return (flags & 2) != 0;
    }

    /** {@return whether the page is in the page cache and only the page table has no entry} */
    public boolean isMinor() {
      return (flags & 4) != 0;
    }
  }

  /**
   * The process forked; its child's memory has this userfaultfd, which reading the message opened
   * here.
   */
  record Fork(Fd child) implements UffdMessage {}

  /** Memory moved. */
  record Remap(long from, long to, long length) implements UffdMessage {}

  /** Pages of {@code [start, end)} were given back; the memory stays mapped. */
  record Remove(long start, long end) implements UffdMessage {}

  /** {@code [start, end)} is mapped no more. */
  record Unmap(long start, long end) implements UffdMessage {}

  /** A message of a kind this program does not know. */
  record Unknown(int event) implements UffdMessage {}
}
