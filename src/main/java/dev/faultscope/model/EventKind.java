package dev.faultscope.model;

/**
 * What an event is, in the order of a fault's life (userfaultfd's own steps, plus what surrounds
 * them).
 *
 * <p>The code is what files and frames carry. Codes are never reused.
 */
public enum EventKind {
  /** A thread, vCPU or the kernel accesses a page. Detail: {@link AccessOrigin}. */
  TOUCH(1),
  /** The kernel decides what the access becomes. Detail: {@link DecideReason}. */
  DECIDE(2),
  /** A fault message enters a userfaultfd's pending queue and the actor falls asleep. */
  ENQUEUE(3),
  /**
   * A handler reads the message; the faulting thread keeps sleeping. The cause is the {@link
   * #ENQUEUE}.
   */
  READ(4),
  /** A handler enters an ioctl. Detail: {@link UffdIoctl}. */
  CALL(5),
  /**
   * An ioctl returns, with its errno. Detail: {@link UffdIoctl}. The page count is what was asked
   * for.
   */
  IOCTL(6),
  /** Page-table entries, cache pages or other page facts change. */
  INSTALL(7),
  /** A sleeping actor is woken. The actor is the sleeper. */
  WAKE(8),
  /** A woken actor runs its access again, from scratch. */
  RETRY(9),
  /** A vCPU leaves the guest. Detail: {@link ExitReason}. */
  EXIT(10),
  /** Pages are taken away again. Detail: {@link HoleKind}. */
  HOLE(11),
  /**
   * A kernel event that is no fault: scheduling, fork, remap, a signal. Detail: {@link
   * KernelEventKind}.
   */
  KERNEL(12),
  /** A region appears, is registered or unregistered. Detail: {@link RegionChange}. */
  REGION(13),
  /** A remark, kept in the recording's notes. The first-page field is the note's index. */
  NOTE(14);

  private static final EventKind[] BY_CODE = new EventKind[256];

  static {
    for (EventKind kind : values()) {
      BY_CODE[kind.code] = kind;
    }
  }

  private final int code;

  EventKind(int code) {
    this.code = code;
  }

  /** {@return the code in files and frames, 1 to 255} */
  public int code() {
    return code;
  }

  /**
   * {@return the kind with a code}
   *
   * @throws IllegalArgumentException if no kind has it
   */
  public static EventKind ofCode(int code) {
    EventKind kind = code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    if (kind == null) {
      throw new IllegalArgumentException("no event kind has code " + code);
    }
    return kind;
  }

  /** {@return whether some kind has this code} */
  public static boolean isCode(int code) {
    return code >= 0 && code < BY_CODE.length && BY_CODE[code] != null;
  }
}
