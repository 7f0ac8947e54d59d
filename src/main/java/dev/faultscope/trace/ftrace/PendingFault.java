package dev.faultscope.trace.ftrace;

import dev.faultscope.model.FaultOrigin;
import org.jspecify.annotations.Nullable;

/**
 * One access that may have put its thread to sleep.
 *
 * <p>Made when its line is read, judged a while later, told after that.
 */
final class PendingFault {
  /** What became of the access. */
  enum Verdict {
    UNDECIDED,
    /** In no region a userfaultfd serves. */
    OUTSIDE,
    /** The page was there; the access was refused by its protection. */
    PRESENT,
    /** Made with page faults disabled. */
    MAY_NOT_SLEEP,
    /** The thread still waits for the same page. */
    REPEATED,
    /** An ioctl answered it: a message was queued and read. */
    ANSWERED,
    /** Another thread's message for the page was answered; this one was never read. */
    JOINED,
    /** No ioctl answered it: the kernel resolved it by itself. */
    KERNEL,
    /** Not answered when the recording ended, or for very long. */
    WAITING
  }

  /** Stands for a line that has not come. */
  static final long NEVER = Long.MAX_VALUE;

  final ThreadTrack thread;
  final long line;
  final long timeNs;
  final int region;
  final int page;
  final boolean guest;

  /** Guest physical address of a guest's access, host virtual address of another. */
  final long address;

  final boolean write;
  Verdict verdict = Verdict.UNDECIDED;

  /** The thread's next line that proves it ran again. */
  long progress = NEVER;

  /** The earlier line of the same thread and page, while nothing lies between. */
  @Nullable PendingFault earlier;

  /** The call that answered it, or that answered the page it joined. */
  @Nullable Call call;

  /** The call of the handler that read its message. */
  @Nullable Call reader;

  /** A message the thread must have sent again although no line shows it: its page went away. */
  boolean again;

  // Telling.
  FaultOrigin origin = FaultOrigin.UFFD;
  long enqueued;
  long woke;
  long readSequence;

  PendingFault(
      ThreadTrack thread,
      long line,
      long timeNs,
      int region,
      int page,
      boolean guest,
      long address,
      boolean write) {
    this.thread = thread;
    this.line = line;
    this.timeNs = timeNs;
    this.region = region;
    this.page = page;
    this.guest = guest;
    this.address = address;
    this.write = write;
  }

  boolean isAt(int someRegion, int somePage) {
    return region == someRegion && page == somePage;
  }
}
