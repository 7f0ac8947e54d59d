package dev.faultscope.session.query;

import dev.faultscope.timeline.Causes;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import java.util.List;

/** Why something happened, and what came of it, told. */
public final class Reasons {
  /** Longest chain told. */
  public static final int MAX_CHAIN = 64;

  /** Most effects told. */
  public static final int MAX_EFFECTS = 200;

  private static final int MAX_SCAN = 2_000_000;

  private Reasons() {}

  /**
   * {@return an event and what led to it, newest first, at most {@value #MAX_CHAIN}}
   *
   * @throws IndexOutOfBoundsException if there is no such event
   */
  public static List<ToldEvent> of(Timeline timeline, long sequence) {
    Narrator narrator = new Narrator(timeline);
    return Causes.chain(timeline, sequence, MAX_CHAIN).stream()
        .map(event -> ToldEvent.of(timeline, event, narrator))
        .toList();
  }

  /**
   * {@return what an event led to, oldest first, at most {@value #MAX_EFFECTS} and not from further
   * than some two million events on}
   *
   * @throws IndexOutOfBoundsException if there is no such event
   */
  public static List<ToldEvent> effects(Timeline timeline, long sequence) {
    Narrator narrator = new Narrator(timeline);
    timeline.event(sequence);
    SearchResult found = Causes.effects(timeline, sequence, MAX_EFFECTS, MAX_SCAN);
    return found.hits().stream()
        .map(hit -> ToldEvent.of(timeline, timeline.event(hit), narrator))
        .toList();
  }
}
