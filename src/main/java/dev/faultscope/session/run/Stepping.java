package dev.faultscope.session.run;

import dev.faultscope.model.EventKind;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.QueryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets a simulation go on, paced or as fast as can be, and stand still where it is told to. */
final class Stepping {
  /** More events than this are no exploration: the run stands still and says so. */
  static final long MAX_EVENTS = 50_000_000;

  /** How long it goes on before somebody who asks for something gets an answer. */
  static final long SLICE_NS = 4_000_000;

  /** Between two pictures of a run that is paced. */
  private static final long FRAME_NS = 16_000_000;

  /** Most steps of one advance: a policy may do much between two faults. */
  private static final long MAX_STEPS = 5_000_000;

  private final Simulation simulation;
  private final Timeline timeline;
  private RunPhase phase = RunPhase.PAUSED;
  private @Nullable String message;
  private boolean brokenOff;
  private Breakpoints breakpoints;
  private Breakpoints.@Nullable Stop stop;
  private double eventsPerSecond = Double.POSITIVE_INFINITY;
  private long goingSinceNs;
  private long goingSince;

  Stepping(Simulation simulation, Timeline timeline) {
    this.simulation = simulation;
    this.timeline = timeline;
    breakpoints = Breakpoints.of(List.of(), timeline);
  }

  RunPhase phase() {
    return phase;
  }

  /** {@return what a person should know, null for nothing} */
  @Nullable String message() {
    return message;
  }

  /** {@return the predicates that stop it} */
  List<String> breakpoints() {
    return breakpoints.texts();
  }

  /** {@return where one of them stopped it, null where it stands still for another reason} */
  Breakpoints.@Nullable Stop stop() {
    return stop;
  }

  void go(double rate) {
    eventsPerSecond = rate;
    goingSinceNs = System.nanoTime();
    goingSince = timeline.lastSequence();
    phase = RunPhase.RUNNING;
    message = null;
    stop = null;
  }

  void pause() {
    if (phase == RunPhase.RUNNING) {
      phase = RunPhase.PAUSED;
    }
  }

  /** It takes the way of another run, and cannot be led meanwhile. */
  void retrace(boolean underWay) {
    phase = underWay ? RunPhase.RUNNING : RunPhase.PAUSED;
  }

  /** What had come to an end may have something to do again. */
  void stir() {
    if (phase == RunPhase.WAITING || phase == RunPhase.DONE) {
      phase = RunPhase.PAUSED;
    }
  }

  void fail(String why) {
    phase = RunPhase.FAILED;
    message = why;
  }

  /** It was stopped within a step. */
  void breakOff() {
    brokenOff = true;
    phase = RunPhase.ENDED;
    message =
        "It was stopped in the middle of a step that went on for long: of that step there is what"
            + " had happened until then.";
  }

  boolean isBrokenOff() {
    return brokenOff;
  }

  void end() {
    if (phase != RunPhase.FAILED) {
      phase = RunPhase.ENDED;
    }
  }

  /**
   * Stops it behind events that satisfy one of some predicates, and nowhere else.
   *
   * @throws IllegalArgumentException if one is none; the message says where
   */
  void breakAt(List<String> queries) {
    try {
      breakpoints = Breakpoints.of(queries, timeline).withKnownNames();
    } catch (QueryException e) {
      throw new IllegalArgumentException(e.inWords(), e);
    }
  }

  /** Stops it at predicates of another run; what they name may be declared later here. */
  void takeAlong(List<String> queries) {
    breakpoints = Breakpoints.of(queries, timeline);
  }

  /** Stands still where an event since a moment satisfies a predicate that stops it. */
  void heed(long before) {
    Breakpoints.Stop met = breakpoints.find(before + 1, Search.Direction.FORWARD).stop();
    if (met != null) {
      phase = RunPhase.PAUSED;
      stop = met;
      message = met.inWords();
    }
  }

  /** Goes on until so many of a kind have happened. {@return why it stands still} */
  String advance(RunCommand.Unit unit, int by) {
    phase = RunPhase.PAUSED;
    message = null;
    stop = null;
    int done = 0;
    for (long steps = 0; done < by; steps++) {
      if (steps == MAX_STEPS) {
        message =
            "Nothing of the kind within " + MAX_STEPS + " steps; advance again to go further.";
        break;
      }
      long before = timeline.lastSequence();
      if (!step()) {
        break;
      }
      done += reached(unit, before) ? 1 : 0;
      if (phase != RunPhase.PAUSED || message != null) {
        break;
      }
    }
    return done == by ? "it went on and stands still" : standing();
  }

  private boolean reached(RunCommand.Unit unit, long before) {
    return switch (unit) {
      case EVENT -> timeline.lastSequence() > before;
      case FAULT -> happened(EventKind.ENQUEUE, before);
      case DECISION -> happened(EventKind.DECIDE, before);
    };
  }

  private boolean happened(EventKind kind, long before) {
    for (long seq = before + 1; seq <= timeline.lastSequence(); seq++) {
      if (timeline.event(seq).kind() == kind) {
        return true;
      }
    }
    return false;
  }

  private String standing() {
    return switch (phase) {
      case WAITING -> "every thread waits, and the handlers wait for you";
      case DONE -> "nothing happens any more by itself";
      case STARTING, RUNNING, PAUSED, FAILED, ENDED ->
          message == null ? "it stands still" : message;
    };
  }

  /** {@return whether something happened; otherwise the phase says why nothing does} */
  private boolean step() {
    long before = timeline.lastSequence();
    if (before >= MAX_EVENTS) {
      phase = RunPhase.PAUSED;
      message = "The run stands still: it has " + MAX_EVENTS + " events, no run may have more.";
      return false;
    }
    if (!simulation.advance()) {
      boolean waits = simulation.isManual() && !simulation.waiting().isEmpty();
      phase = waits ? RunPhase.WAITING : RunPhase.DONE;
      return false;
    }
    heed(before);
    return true;
  }

  /** Goes on for some milliseconds where it is to go on. */
  void slice() {
    long end = System.nanoTime() + SLICE_NS;
    while (phase == RunPhase.RUNNING && System.nanoTime() < end) {
      if (timeline.lastSequence() >= due() || !step()) {
        return;
      }
    }
  }

  private long due() {
    if (Double.isInfinite(eventsPerSecond)) {
      return Long.MAX_VALUE;
    }
    return goingSince + (long) ((System.nanoTime() - goingSinceNs) / 1e9 * eventsPerSecond);
  }

  /** {@return how long a run that goes on has nothing to do, in nanoseconds} */
  long restNs() {
    return Double.isInfinite(eventsPerSecond)
        ? 0
        : Math.min(FRAME_NS, (long) (1e9 / eventsPerSecond));
  }
}
