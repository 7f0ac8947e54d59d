package dev.faultscope.session.live;

import dev.faultscope.live.handler.WaitingFault;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.Timeline;
import java.util.List;

/**
 * Holds faults by a predicate of the search language: one of the events that tell of the fault,
 * from its access to the reading of its message, satisfies it. For the handlers' threads, which
 * have just recorded them.
 */
final class HoldQuery {
  private final Breakpoints wanted;

  /**
   * Reads a predicate.
   *
   * @throws dev.faultscope.timeline.query.QueryException if it is none
   */
  HoldQuery(String text, Timeline timeline) {
    wanted = Breakpoints.of(List.of(text), timeline);
  }

  /** {@return whether a fault is to be held} */
  synchronized boolean holds(WaitingFault fault) {
    Breakpoints.Stop found =
        wanted.find(LiveBreakpoints.firstOf(fault), Search.Direction.FORWARD).stop();
    return found != null && LiveBreakpoints.isOf(fault, found);
  }
}
