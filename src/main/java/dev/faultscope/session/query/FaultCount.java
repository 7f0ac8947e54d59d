package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.timeline.ChunkSummary;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.Timeline;

/**
 * Counts faults as the statistics do, but from the summaries of whole chunks: those whose message
 * was read, and those that still wait to be. One that vanished unread, because another message of
 * its page was answered, is none.
 */
public final class FaultCount {
  private FaultCount() {}

  /** {@return how many faults a recording has by now} */
  public static long of(Timeline timeline) {
    long last = timeline.lastSequence();
    if (last == 0) {
      return 0;
    }
    Counting counting = new Counting(EventKind.READ);
    timeline.search().find(counting, 1, Search.Direction.FORWARD, 1, Long.MAX_VALUE);
    try (Cursor cursor = timeline.cursor()) {
      cursor.seek(last);
      return counting.count + cursor.moment().queue().stream().filter(FaultCount::isUnread).count();
    }
  }

  private static boolean isUnread(Moment.Entry entry) {
    return switch (entry.phase()) {
      case PENDING -> true;
      case READ -> false;
      // Its own thread reads it, as soon as the kernel looks at it.
      case KERNEL -> entry.handler() == Event.NONE;
    };
  }

  /** Finds nothing and counts on the way. Used for one search of one thread. */
  private static final class Counting implements EventPredicate {
    private final EventKind kind;
    private long count;

    Counting(EventKind kind) {
      this.kind = kind;
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
