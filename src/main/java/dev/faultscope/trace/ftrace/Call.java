package dev.faultscope.trace.ftrace;

import dev.faultscope.model.Event;
import dev.faultscope.model.UffdIoctl;
import org.jspecify.annotations.Nullable;

/** One userfaultfd ioctl, from its entry to its return. */
final class Call {
  final ThreadTrack handler;
  final UffdIoctl ioctl;
  final long enterLine;
  final long enterNs;

  /** Where the next call that answers faults begins. */
  long nextEnter = PendingFault.NEVER;

  long exitLine = PendingFault.NEVER;
  int errno;

  /** The pages it names; {@link Event#NONE} while it is not known which. */
  int region = Event.NONE;

  int page;
  int pages;

  /** The pages are in the trace, not concluded. */
  boolean exact;

  /** Its mode bits, 0 while they are not known. */
  long mode;

  /** The fault it answers. */
  @Nullable PendingFault pending;

  // Telling.
  long called;
  long returned;
  boolean installed;

  Call(ThreadTrack handler, UffdIoctl ioctl, long enterLine, long enterNs) {
    this.handler = handler;
    this.ioctl = ioctl;
    this.enterLine = enterLine;
    this.enterNs = enterNs;
  }

  /** {@return whether a waiting thread may go on because of it} */
  boolean answers() {
    return ioctl.fills()
        || ioctl == UffdIoctl.WAKE
        || (ioctl == UffdIoctl.WRITEPROTECT && !ioctl.protects(mode));
  }

  boolean covers(PendingFault other) {
    return region == other.region && other.page >= page && other.page - page < pages;
  }

  /** Takes over the page of the fault it answers, unless the trace names its pages. */
  void answer(PendingFault answered) {
    pending = answered;
    if (!exact) {
      region = answered.region;
      page = answered.page;
      pages = 1;
    }
  }
}
