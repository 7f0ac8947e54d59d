package dev.faultscope.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a viewer asks of its exploration. */
public sealed interface Command {
  /** Most units of one step. */
  int MAX_STEP = 1000;

  /** Go to a moment; beyond the end means the end. */
  record Seek(long seq) implements Command {}

  /** Go to the last event at or before a time. */
  record SeekTime(long timeNs) implements Command {}

  /**
   * Step.
   *
   * @param by units, forward or (negative) back, at most {@value #MAX_STEP} either way
   * @param region with {@link Unit#PAGE}
   * @param page with {@link Unit#PAGE}
   * @param actor with {@link Unit#ACTOR}
   */
  record Step(
      int by, Unit unit, @Nullable Integer region, @Nullable Integer page, @Nullable Integer actor)
      implements Command {
    public Step {
      if (by == 0 || Math.abs((long) by) > MAX_STEP) {
        throw new IllegalArgumentException(
            "step by " + by + ": must be 1 to " + MAX_STEP + " units forward or back");
      }
      if (unit == Unit.PAGE && (region == null || page == null)) {
        throw new IllegalArgumentException(
            "a step to the next event of a page names region and page");
      }
      if (unit == Unit.ACTOR && actor == null) {
        throw new IllegalArgumentException("a step to the next event of an actor names the actor");
      }
    }
  }

  /** What a step goes over. */
  enum Unit {
    EVENT,
    /** To the next fault that is queued. */
    FAULT,
    /** To the next event of one page. */
    PAGE,
    /** To the next event of one actor. */
    ACTOR
  }

  /**
   * Go to the next event that satisfies at least one of some predicates.
   *
   * @param direction 1 or -1
   */
  record Find(List<String> queries, int direction) implements Command {
    public Find {
      queries = List.copyOf(queries);
      if (queries.isEmpty()) {
        throw new IllegalArgumentException("queries has no predicate to find");
      }
      if (direction != 1 && direction != -1) {
        throw new IllegalArgumentException("direction is " + direction + ", must be 1 or -1");
      }
    }
  }

  /** Play at a pace. */
  record Play(Pace pace) implements Command {}

  /** Stop playing. */
  record Pause() implements Command {}

  /** Stay at the last event while the recording grows, or no longer. */
  record Follow(boolean on) implements Command {}
}
