package dev.faultscope.live.handler;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.model.Region;
import dev.faultscope.policy.HandledPages;
import java.time.Duration;

/**
 * Leaves a peer in good order: answers what waits, fills what lacks and lets go of the memory, so
 * that the peer lives on without a handler.
 */
final class Drain {
  private static final long AT_ONCE = 4096;

  private final PeerPages guest;
  private final FillSource source;
  private final Ioctls ioctls;
  private final LiveJournal journal;
  private final MessageReader reader;
  private final Answers answers;
  private final RunEnd end;

  Drain(
      PeerPages guest,
      FillSource source,
      Ioctls ioctls,
      LiveJournal journal,
      MessageReader reader,
      Answers answers,
      RunEnd end) {
    this.guest = guest;
    this.source = source;
    this.ioctls = ioctls;
    this.journal = journal;
    this.reader = reader;
    this.answers = answers;
    this.end = end;
  }

  /**
   * Leaves.
   *
   * @param most how long filling may take; the memory is kept registered if that does not do
   */
  void leave(Duration most) throws LinuxException {
    if (!fillEverything(System.nanoTime() + most.toNanos())) {
      end.because(
          "stopped before all of its memory was filled: the peer's next fault waits for a handler");
      return;
    }
    guest.all().forEach(ioctls::unregister);
    for (WaitingFault fault : journal.waiting()) {
      journal.lost(fault);
    }
  }

  private boolean fillEverything(long deadline) throws LinuxException {
    HandledPages handled = guest.handled();
    for (RegionPages pages : guest.all()) {
      if ((pages.modes() & Region.MISSING) == 0 && (pages.modes() & Region.MINOR) != 0) {
        continue; // The kernel finds it all in the page cache.
      }
      if (!source.isFile()) {
        continue; // Zeros are what the kernel gives.
      }
      handled.unfilled(pages.start(), pages.count());
      int from = handled.nextAbsent(pages.start(), pages.end());
      while (from < pages.end()) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        reader.read().faults().forEach(answers::answer);
        int most = (int) Math.min(pages.end(), from + AT_ONCE);
        int behind = handled.nextSettled(from, most);
        boolean tried = answers.fill(from, behind);
        if (end.isPeerGone()) {
          return true;
        }
        from = handled.nextAbsent(tried ? behind : from, pages.end());
      }
    }
    reader.read().faults().forEach(answers::answer);
    answers.retryDeferred();
    return true;
  }
}
