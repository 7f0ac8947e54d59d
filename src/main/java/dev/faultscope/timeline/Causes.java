package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.timeline.Search.Direction;
import java.util.ArrayList;
import java.util.List;

/** Why an event happened, and what followed from it. */
public final class Causes {
  private Causes() {}

  /**
   * {@return an event, what led to it, what led to that, newest first}
   *
   * @param limit most events, the first one included
   * @throws IndexOutOfBoundsException unless the timeline has the event
   */
  public static List<Event> chain(Timeline timeline, long sequence, int limit) {
    List<Event> chain = new ArrayList<>();
    for (long at = sequence; at != 0 && chain.size() < limit; ) {
      Event event = timeline.event(at);
      chain.add(event);
      at = event.cause();
    }
    return List.copyOf(chain);
  }

  /**
   * {@return the events whose cause is this one, oldest first}
   *
   * @param limit most events, at least 1
   * @param scanLimit how many later events to examine, about
   */
  public static SearchResult effects(Timeline timeline, long sequence, int limit, long scanLimit) {
    return timeline
        .search()
        .find(new CausedBy(sequence), sequence + 1, Direction.FORWARD, limit, scanLimit);
  }

  /** Events with a cause. */
  private record CausedBy(long cause) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return chunk.lastSequence() > cause;
    }

    @Override
    public boolean test(EventView event) {
      return event.cause() == cause;
    }
  }
}
