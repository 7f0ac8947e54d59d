package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.timeline.ChunkSummary;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.PageSet;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Pages in the order in which they were first touched, as far as the recording tells of accesses.
 *
 * @param touches the earliest first; those of one event by page number
 * @param scanned events passed
 * @param complete whether the recording was searched to its end as it is now
 * @param next where to ask again, also for what comes to a recording that grows
 */
public record FirstTouches(List<Touch> touches, long scanned, boolean complete, long next) {
  /** Touches after which an answer ends; those of its last event are told in whole. */
  public static final int MAX_TOUCHES = 1 << 16;

  public FirstTouches {
    touches = List.copyOf(touches);
  }

  /** Consecutive pages that one event was the first to touch. */
  public record Touch(long seq, int region, int page, int pages) {}

  /** Which pages were touched before. For one thread. */
  public static final class Seen {
    private final Map<Integer, PageSet> regions = new HashMap<>();

    /** Adds the runs of pages that are new, the lowest first. */
    void add(EventView event, List<Touch> touches) {
      regions
          .computeIfAbsent(event.region(), _ -> new PageSet())
          .add(
              event.firstPage(),
              event.pageCount(),
              (page, count) ->
                  touches.add(new Touch(event.sequence(), event.region(), page, count)));
    }
  }

  /** {@return the first touches from an event on; of earlier events nothing is known} */
  public static FirstTouches of(Timeline timeline, long from) {
    return of(timeline, from, new Seen(), MAX_TOUCHES);
  }

  /**
   * {@return the first touches from an event on, but of pages that were seen}
   *
   * @param seen has those of the answer too, afterwards
   * @param most touches after which the answer ends
   */
  public static FirstTouches of(Timeline timeline, long from, Seen seen, int most) {
    if (from > timeline.lastSequence()) {
      return new FirstTouches(List.of(), 0, true, from);
    }
    Collecting collecting = new Collecting(seen, most);
    SearchResult found =
        timeline.search().find(collecting, from, Search.Direction.FORWARD, 1, Search.SCAN_LIMIT);
    return new FirstTouches(
        collecting.touches, found.scanned(), found.isComplete(), from + found.scanned());
  }

  /** Gathers on the way and finds the event that is one too many. For one search of one thread. */
  private static final class Collecting implements EventPredicate {
    private final Seen seen;
    private final int most;
    private final List<Touch> touches = new ArrayList<>();

    Collecting(Seen seen, int most) {
      this.seen = seen;
      this.most = most;
    }

    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return chunk.count(EventKind.TOUCH) > 0;
    }

    @Override
    public boolean test(EventView event) {
      if (event.kind() == EventKind.TOUCH.code()
          && event.region() != Event.NONE
          && (event.flags() & EventFlags.PAGE_UNKNOWN) == 0) {
        seen.add(event, touches);
      }
      return touches.size() >= most;
    }
  }
}
