package dev.faultscope.session;

import dev.faultscope.model.EventKind;
import dev.faultscope.timeline.ChunkSummary;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import java.util.List;

/** Looks for the next event of some kind, a bounded number of events at a time. */
final class EventFinder {
  private static final SearchResult NOTHING = new SearchResult(List.of(), 0, 0);

  private EventFinder() {}

  /** A fault that is queued. */
  record Fault() implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return chunk.count(EventKind.ENQUEUE) > 0;
    }

    @Override
    public boolean test(EventView event) {
      return event.kind() == EventKind.ENQUEUE.code();
    }
  }

  /** An event about a page. */
  record AboutPage(int region, int page) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return chunk.mayTouch(region, page, 1);
    }

    @Override
    public boolean test(EventView event) {
      int distance = page - event.firstPage();
      return event.region() == region && distance >= 0 && distance < event.pageCount();
    }
  }

  /** An event of an actor. */
  record OfActor(int actor) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return chunk.hasActor(actor);
    }

    @Override
    public boolean test(EventView event) {
      return event.actor() == actor;
    }
  }

  static Search.Direction directionOf(int sign) {
    return sign > 0 ? Search.Direction.FORWARD : Search.Direction.BACKWARD;
  }

  /** {@return the nearest such event after or before a moment, that moment's own not included} */
  static SearchResult next(
      Timeline timeline, EventPredicate wanted, long from, int direction, long scanLimit) {
    if (timeline.lastSequence() == 0) {
      return NOTHING;
    }
    return timeline.search().find(wanted, from + direction, directionOf(direction), 1, scanLimit);
  }
}
