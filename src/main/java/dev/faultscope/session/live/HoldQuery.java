package dev.faultscope.session.live;

import dev.faultscope.live.handler.HoldRule;
import dev.faultscope.live.handler.WaitingFault;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.Query;
import dev.faultscope.timeline.query.QueryException;
import org.jspecify.annotations.Nullable;

/**
 * Holds faults by a predicate of the search language: one of the events that tell of the fault,
 * from its access to the reading of its message, satisfies it. For the handlers' threads, which
 * have just recorded them.
 */
final class HoldQuery implements HoldRule {
  /** TOUCH and DECIDE come before ENQUEUE, after which a fault is named. */
  private static final int EVENTS_BEFORE = 2;

  private final Query query;
  private final Timeline timeline;
  private @Nullable EventPredicate compiled;
  private int actors = -1;

  /**
   * Reads a predicate.
   *
   * @throws QueryException if it is none
   */
  HoldQuery(String text, Timeline timeline) {
    query = Query.parse(text);
    this.timeline = timeline;
  }

  @Override
  public synchronized boolean holds(WaitingFault fault) {
    EventPredicate wanted = wanted();
    if (wanted == null) {
      return false;
    }
    SearchResult found =
        timeline.search().find(wanted, fault.sequence() - EVENTS_BEFORE, Search.Direction.FORWARD);
    return !found.hits().isEmpty() && found.first() <= fault.readSequence();
  }

  /** Actors come while the guest runs, and a predicate may name them. */
  private @Nullable EventPredicate wanted() {
    int now = timeline.actors().size();
    if (now != actors) {
      actors = now;
      try {
        compiled = query.on(timeline);
      } catch (QueryException notYet) {
        compiled = null;
      }
    }
    return compiled;
  }
}
