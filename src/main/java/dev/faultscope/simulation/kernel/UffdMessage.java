package dev.faultscope.simulation.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A uffd_msg.
 *
 * @param event what it tells of
 * @param flags UFFD_PAGEFAULT_FLAG_*, 0 for other events
 * @param address faulting address, or start of the range (REMOVE, UNMAP), or where it was (REMAP)
 * @param to end of the range (REMOVE, UNMAP), or where it is now (REMAP)
 * @param bytes length of a REMAP
 * @param tid the thread of a PAGEFAULT where the userfaultfd has THREAD_ID, else 0
 * @param child the child's userfaultfd of a FORK
 */
public record UffdMessage(
    Event event,
    int flags,
    long address,
    long to,
    long bytes,
    int tid,
    @Nullable Userfaultfd child) {

  /** Size of the kernel's struct. */
  public static final int BYTES = 32;

  public static final int FLAG_WRITE = 1;
  public static final int FLAG_WP = 2;
  public static final int FLAG_MINOR = 4;

  /** What a message tells of. */
  public enum Event {
    PAGEFAULT(0x12),
    FORK(0x13),
    REMAP(0x14),
    REMOVE(0x15),
    UNMAP(0x16);

    private final int code;

    Event(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  static UffdMessage fault(long address, int flags, int tid) {
    return new UffdMessage(Event.PAGEFAULT, flags, address, 0, 0, tid, null);
  }

  static UffdMessage range(Event event, long start, long end) {
    return new UffdMessage(event, 0, start, end, 0, 0, null);
  }

  static UffdMessage remap(long from, long to, long bytes) {
    return new UffdMessage(Event.REMAP, 0, from, to, bytes, 0, null);
  }

  static UffdMessage fork(Userfaultfd child) {
    return new UffdMessage(Event.FORK, 0, 0, 0, 0, 0, child);
  }
}
