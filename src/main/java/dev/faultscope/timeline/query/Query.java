package dev.faultscope.timeline.query;

import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.Timeline;
import java.util.List;

/**
 * A predicate over events, read and checked.
 *
 * @param text as a person wrote it
 * @param predicate its tree
 */
public record Query(String text, Predicate predicate) {
  /** Longest text, in characters. */
  public static final int MAX_CHARS = 4096;

  /**
   * Reads a predicate.
   *
   * @throws QueryException if it is none
   */
  public static Query parse(String text) {
    return new Query(text, new Parser(text).parse());
  }

  /** {@return what holds where at least one of some holds} */
  public static EventPredicate any(List<EventPredicate> parts) {
    return new Tests.Any(List.copyOf(parts));
  }

  /**
   * Finds the regions and actors it names; those a growing timeline declares later are not known to
   * the result.
   *
   * @throws QueryException if the timeline has no such region or actor
   */
  public EventPredicate on(Timeline timeline) {
    return new Compiler(timeline.regions(), timeline.actors()).compile(predicate);
  }
}
