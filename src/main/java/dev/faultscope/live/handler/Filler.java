package dev.faultscope.live.handler;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.UffdResult;
import dev.faultscope.model.UffdIoctl;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Fills pages and heeds what the kernel answers.
 *
 * <p>EEXIST, the page is there, so wake; EAGAIN, a layout change waits to be read, so read and try
 * again from where it stopped; ENOENT, the range is gone; ESRCH, the process is gone; EFAULT on
 * CONTINUE, the page left the cache, so fill it anew.
 */
final class Filler {
  static final long RETRY_PAUSE_NS = 20_000;
  private static final int MOST_RETRIES = 200;

  /** What became of an attempt to fill. */
  enum Outcome {
    DONE,
    LATER,
    FAILED
  }

  private final Ioctls ioctls;
  private final FillSource source;
  private final LiveJournal journal;
  private final RunEnd end;
  private final BooleanSupplier layoutChanged;

  /**
   * Prepares it.
   *
   * @param layoutChanged reads what waits while an answer is refused and says whether the layout
   *     changed, so that answers must be thought over
   */
  Filler(
      Ioctls ioctls,
      FillSource source,
      LiveJournal journal,
      RunEnd end,
      BooleanSupplier layoutChanged) {
    this.ioctls = ioctls;
    this.source = source;
    this.journal = journal;
    this.end = end;
    this.layoutChanged = layoutChanged;
  }

  /**
   * Fills pages and wakes who waits for them.
   *
   * @param cause the recording's event that led to it
   */
  Outcome fill(RegionPages pages, int first, int behind, UffdIoctl kind, long cause) {
    int from = first;
    int retries = 0;
    while (from < behind) {
      Ioctls.Filled filled = ioctls.fill(kind, pages, from, behind - from, cause);
      UffdResult result = filled.result();
      from += filled.pages();
      if (result.ok()) {
        return Outcome.DONE;
      }
      if (result.done() > 0) {
        continue;
      }
      switch (result.errno()) {
        case Errno.EEXIST -> {
          pages.present.set(from);
          ioctls.wakePresent(pages, from, cause);
          from++;
        }
        case Errno.EAGAIN -> {
          if (++retries > MOST_RETRIES || layoutChanged.getAsBoolean()) {
            return Outcome.LATER;
          }
          LockSupport.parkNanos(RETRY_PAUSE_NS);
        }
        case Errno.ENOENT -> {
          dropWaiting(pages, from, behind);
          return Outcome.FAILED;
        }
        case Errno.ESRCH -> {
          end.peerLeft();
          return Outcome.FAILED;
        }
        case Errno.ENOMEM -> {
          return Outcome.LATER;
        }
        case Errno.EFAULT -> {
          if (kind != UffdIoctl.CONTINUE) {
            return failed(kind, pages, from, result);
          }
          UffdIoctl instead =
              source.isFile() && !pages.removed.get(from) ? UffdIoctl.COPY : UffdIoctl.ZEROPAGE;
          Outcome outcome = fill(pages, from, from + 1, instead, cause);
          if (outcome != Outcome.DONE) {
            return outcome;
          }
          from++;
        }
        default -> {
          return failed(kind, pages, from, result);
        }
      }
    }
    return Outcome.DONE;
  }

  private Outcome failed(UffdIoctl kind, RegionPages pages, int page, UffdResult result) {
    journal.note("%s of page %d of region %d: %s".formatted(kind, page, pages.index, result));
    return Outcome.FAILED;
  }

  private void dropWaiting(RegionPages pages, int from, int behind) {
    for (WaitingFault fault : journal.waiting()) {
      int page = pages.pageOf(fault);
      if (fault.region() == pages.index && page >= from && page < behind) {
        journal.lost(fault);
      }
    }
  }
}
