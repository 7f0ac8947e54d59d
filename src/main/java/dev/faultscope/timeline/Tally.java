package dev.faultscope.timeline;

import dev.faultscope.model.EventKind;
import dev.faultscope.model.UffdIoctl;

/** What is counted event by event: in columns of the lanes, and up to a moment. */
public enum Tally {
  /** Faults that were queued, read or not. */
  FAULTS {
    @Override
    int of(long pages, long who) {
      return Records.kind(who) == QUEUED ? 1 : 0;
    }
  },
  /** Pages of the filling ioctls that succeeded. */
  PAGES {
    @Override
    int of(long pages, long who) {
      boolean serves =
          Records.kind(who) == ANSWERED
              && Records.errno(who) == 0
              && UffdIoctl.ofCode(Records.detail(who)).fills();
      return serves ? Records.pageCount(pages) : 0;
    }
  };

  private static final int QUEUED = EventKind.ENQUEUE.code();
  private static final int ANSWERED = EventKind.IOCTL.code();

  /** {@return how many a record adds} */
  abstract int of(long pages, long who);
}
