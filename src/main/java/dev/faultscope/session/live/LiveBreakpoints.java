package dev.faultscope.session.live;

import dev.faultscope.live.handler.HoldRule;
import dev.faultscope.live.handler.WaitingFault;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Breakpoints on a real kernel. A real thread cannot be stopped between two of its instructions,
 * but a fault can be held: the fault whose own events (from its access to the reading of its
 * message) meet a breakpoint is; where another event does (an ioctl, an install, a wake), every
 * fault is that is read from then on. Safe for the threads of several handlers.
 */
final class LiveBreakpoints implements HoldRule {
  /** TOUCH and DECIDE come before ENQUEUE, after which a fault is named. */
  private static final int EVENTS_BEFORE = 2;

  /** Hits of faults that are about to be met; a handler reads far fewer at once. */
  private static final int MOST_HITS = 4096;

  private final Breakpoints breakpoints;
  private final Timeline timeline;
  private final Consumer<Breakpoints.Stop> stopped;
  private final Deque<Breakpoints.Stop> hits = new ArrayDeque<>();
  private long lookedTo;
  private boolean everything;

  /**
   * Looks at what is recorded from now on.
   *
   * @param everything whether every fault is held already, for breakpoints before these were met
   * @param stopped told of each stop, on a handler's thread
   * @throws dev.faultscope.timeline.query.QueryException if one is no predicate
   */
  LiveBreakpoints(
      List<String> queries,
      Timeline timeline,
      boolean everything,
      Consumer<Breakpoints.Stop> stopped) {
    breakpoints = Breakpoints.of(queries, timeline);
    this.timeline = timeline;
    this.everything = everything;
    this.stopped = stopped;
    lookedTo = timeline.lastSequence();
  }

  @Override
  public synchronized boolean holds(WaitingFault fault) {
    recorded();
    for (Breakpoints.Stop hit : hits) {
      if (isOf(fault, hit)) {
        stopped.accept(hit);
        return true;
      }
    }
    return everything;
  }

  @Override
  public synchronized void recorded() {
    long last = timeline.lastSequence();
    while (!breakpoints.isEmpty() && lookedTo < last) {
      Breakpoints.Found found = breakpoints.find(lookedTo + 1, Search.Direction.FORWARD);
      Breakpoints.Stop stop = found.stop();
      if (stop == null) {
        lookedTo += found.scanned();
        return;
      }
      lookedTo = stop.seq();
      if (isOfFault(stop)) {
        hits.addLast(stop);
        if (hits.size() > MOST_HITS) {
          hits.removeFirst();
        }
      } else if (!everything) {
        everything = true;
        stopped.accept(stop);
      }
    }
  }

  /** {@return whether every fault is held from now on} */
  synchronized boolean holdsEverything() {
    return everything;
  }

  /** {@return the first event that may tell of a fault} */
  static long firstOf(WaitingFault fault) {
    return Math.max(1, fault.sequence() - EVENTS_BEFORE);
  }

  /** {@return whether an event tells of a fault, from its access to the reading of its message} */
  static boolean isOf(WaitingFault fault, Breakpoints.Stop event) {
    return event.seq() >= firstOf(fault) && event.seq() <= fault.readSequence();
  }

  private boolean isOfFault(Breakpoints.Stop stop) {
    return switch (timeline.event(stop.seq()).kind()) {
      case TOUCH, DECIDE, ENQUEUE, READ -> true;
      case CALL, IOCTL, INSTALL, WAKE, RETRY, EXIT, HOLE, KERNEL, REGION, NOTE -> false;
    };
  }
}
