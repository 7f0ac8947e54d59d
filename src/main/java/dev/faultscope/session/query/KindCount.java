package dev.faultscope.session.query;

import dev.faultscope.model.EventKind;
import dev.faultscope.timeline.ChunkSummary;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.Timeline;

/** Counts the events of a kind: from the summaries of whole chunks, one by one in the rest. */
public final class KindCount {
  private KindCount() {}

  /** {@return how many events of a kind a recording has by now} */
  public static long of(Timeline timeline, EventKind kind) {
    if (timeline.lastSequence() == 0) {
      return 0;
    }
    Counting counting = new Counting(kind);
    timeline.search().find(counting, 1, Search.Direction.FORWARD, 1, Long.MAX_VALUE);
    return counting.count;
  }

  /** Finds nothing and counts on the way. Used for one search of one thread. */
  private static final class Counting implements EventPredicate {
    private final EventKind kind;
    private long count;

    Counting(EventKind kind) {
      this.kind = kind;
    }

    @Override
    public boolean needsQueue() {
      return false;
    }

    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      count += chunk.count(kind);
      return false;
    }

    @Override
    public boolean test(EventView event) {
      if (event.kind() == kind.code()) {
        count++;
      }
      return false;
    }
  }
}
