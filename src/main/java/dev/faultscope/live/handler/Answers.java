package dev.faultscope.live.handler;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.live.handler.Filler.Outcome;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers faults as the policy says. A page that was given back, or that was filled once and is
 * missing again, is filled with zeros and not with the file's old content. For the handler's
 * thread.
 */
final class Answers {
  private final FaultPolicy policy;
  private final PeerPages guest;
  private final FillSource source;
  private final Ioctls ioctls;
  private final LiveJournal journal;
  private final Tallies tallies;
  private final MessageReader reader;
  private final HeldFaults held;
  private final Filler filler;

  /**
   * Faults that could not be answered yet: answers are refused while a layout change is under way.
   */
  private final Set<WaitingFault> deferred = new LinkedHashSet<>();

  Answers(
      FaultPolicy policy,
      PeerPages guest,
      FillSource source,
      Ioctls ioctls,
      LiveJournal journal,
      Tallies tallies,
      MessageReader reader,
      HeldFaults held,
      RunEnd end) {
    this.policy = policy;
    this.guest = guest;
    this.source = source;
    this.ioctls = ioctls;
    this.journal = journal;
    this.tallies = tallies;
    this.reader = reader;
    this.held = held;
    filler = new Filler(ioctls, source, journal, end, this::readMore);
  }

  Filler filler() {
    return filler;
  }

  /** {@return whether faults wait for a layout change to be over} */
  boolean hasDeferred() {
    return !deferred.isEmpty();
  }

  /** Holds a fault back if somebody wants that, else answers it. */
  void meet(WaitingFault fault) {
    if (!held.keeps(fault)) {
      answer(fault);
    }
  }

  void answer(WaitingFault fault) {
    if (!journal.isWaiting(fault)) {
      // Another fault's answer woke it too.
      deferred.remove(fault);
      return;
    }
    Outcome outcome = resolve(fault);
    if (outcome == Outcome.LATER) {
      deferred.add(fault);
    } else {
      deferred.remove(fault);
      if (outcome == Outcome.DONE && journal.isWaiting(fault)) {
        RegionPages pages = guest.of(fault);
        ioctls.wakePresent(pages, pages.pageOf(fault), fault.readSequence());
      }
    }
  }

  void retryDeferred() {
    if (!deferred.isEmpty()) {
      for (WaitingFault fault : List.copyOf(deferred)) {
        answer(fault);
      }
    }
  }

  private Outcome resolve(WaitingFault fault) {
    RegionPages pages = guest.of(fault);
    int page = pages.pageOf(fault);
    if (fault.isWriteProtect()) {
      return ioctls.unprotect(pages, page, fault.readSequence()).errno() == Errno.EAGAIN
          ? Outcome.LATER
          : Outcome.DONE;
    }
    return switch (policy) {
      case FaultPolicy.FaultAll _ when !tallies.faultedAll() -> faultAll(fault);
      case FaultPolicy.Batch(int most) when !isZeroFill(pages, page, fault) -> {
        int group = page - page % most;
        yield filler.fill(
            pages,
            pages.runStart(page, group),
            pages.runEnd(page + 1, Math.min(pages.count, group + most)),
            kindFor(pages, page, fault),
            fault.readSequence());
      }
      case FaultPolicy _ -> fillOne(pages, page, fault);
    };
  }

  private Outcome fillOne(RegionPages pages, int page, WaitingFault fault) {
    return filler.fill(pages, page, page + 1, kindFor(pages, page, fault), fault.readSequence());
  }

  /** Whether a missing page had content and lost it: then it is zeros that the guest should see. */
  private boolean isZeroFill(RegionPages pages, int page, WaitingFault fault) {
    return !fault.isMinor()
        && (!source.isFile() || pages.removed.get(page) || pages.present.get(page));
  }

  private UffdIoctl kindFor(RegionPages pages, int page, WaitingFault fault) {
    if (fault.isMinor()) {
      return UffdIoctl.CONTINUE;
    }
    return isZeroFill(pages, page, fault) ? UffdIoctl.ZEROPAGE : UffdIoctl.COPY;
  }

  /** {@return how a region's pages are filled that nobody waits for; UNKNOWN if they are not} */
  UffdIoctl kindUnasked(RegionPages pages) {
    if ((pages.modes & Region.MINOR) != 0) {
      return UffdIoctl.CONTINUE;
    }
    return source.isFile() ? UffdIoctl.COPY : UffdIoctl.UNKNOWN;
  }

  private Outcome faultAll(WaitingFault fault) {
    long started = System.nanoTime();
    Outcome worst = Outcome.DONE;
    for (RegionPages pages : guest.all()) {
      UffdIoctl kind = kindUnasked(pages);
      if (kind == UffdIoctl.UNKNOWN) {
        continue;
      }
      int from = pages.nextToFill(0);
      while (from < pages.count) {
        int behind = pages.runEnd(from, pages.count);
        Outcome outcome = filler.fill(pages, from, behind, kind, fault.readSequence());
        if (outcome != Outcome.DONE) {
          worst = outcome;
          break;
        }
        from = pages.nextToFill(behind);
      }
    }
    if (worst == Outcome.DONE) {
      tallies.faultedAll((System.nanoTime() - started) / 1000);
      if (journal.isWaiting(fault)) {
        // The page of the fault itself was none of those: it was given back before.
        RegionPages pages = guest.of(fault);
        return fillOne(pages, pages.pageOf(fault), fault);
      }
    }
    return worst;
  }

  /**
   * Reads what waits while an answer is refused. {@return whether the layout changed, so that
   * answers must be thought over}
   */
  private boolean readMore() {
    try {
      long before = tallies.removed();
      for (WaitingFault fault : reader.read().faults()) {
        if (!held.keeps(fault)) {
          deferred.add(fault);
        }
      }
      return tallies.removed() != before;
    } catch (LinuxException failure) {
      journal.note(failure.getMessage());
      return true;
    }
  }
}
