package dev.faultscope.live.handler;

import dev.faultscope.live.handler.Filler.Outcome;
import dev.faultscope.model.UffdIoctl;
import java.util.ArrayDeque;

/** Fills pages that nobody waits for, while no fault waits, where the policy wants that. */
final class Background {
  private final FaultPolicy policy;
  private final PeerPages guest;
  private final Answers answers;
  private final ArrayDeque<Long> workingSet = new ArrayDeque<>();
  private final int[] filledTo;

  Background(FaultPolicy policy, PeerPages guest, Answers answers) {
    this.policy = policy;
    this.guest = guest;
    this.answers = answers;
    filledTo = new int[guest.all().size()];
    if (policy instanceof FaultPolicy.WorkingSet(var offsets)) {
      workingSet.addAll(offsets);
    }
  }

  boolean hasWork() {
    return switch (policy) {
      case FaultPolicy.Prefault _ -> guest.all().stream().anyMatch(this::lacksPages);
      case FaultPolicy.WorkingSet _ -> !workingSet.isEmpty();
      case FaultPolicy.OnDemand _, FaultPolicy.Batch _, FaultPolicy.FaultAll _ -> false;
    };
  }

  private boolean lacksPages(RegionPages pages) {
    return filledTo[pages.index] < pages.count && answers.kindUnasked(pages) != UffdIoctl.UNKNOWN;
  }

  /** Does one portion. */
  void work() {
    Long offset = workingSet.poll();
    if (offset != null) {
      fillAt(offset);
    } else if (policy instanceof FaultPolicy.Prefault(int atOnce)) {
      for (RegionPages pages : guest.all()) {
        if (lacksPages(pages)) {
          fillNext(pages, atOnce);
          return;
        }
      }
    }
  }

  private void fillAt(long offset) {
    for (RegionPages pages : guest.all()) {
      long inside = offset - pages.region.offset();
      if (inside >= 0 && inside < pages.region.size()) {
        int page = (int) (inside / pages.region.pageSize());
        UffdIoctl kind = answers.kindUnasked(pages);
        if (!pages.present.get(page)
            && !pages.removed.get(page)
            && kind != UffdIoctl.UNKNOWN
            && answers.filler().fill(pages, page, page + 1, kind, 0) == Outcome.LATER) {
          workingSet.addFirst(offset);
        }
      }
    }
  }

  private void fillNext(RegionPages pages, int atOnce) {
    int from = pages.nextToFill(filledTo[pages.index]);
    int behind = pages.runEnd(from, Math.min(pages.count, from + atOnce));
    if (from >= behind
        || answers.filler().fill(pages, from, behind, answers.kindUnasked(pages), 0)
            != Outcome.LATER) {
      filledTo[pages.index] = Math.max(behind, from);
    }
  }
}
