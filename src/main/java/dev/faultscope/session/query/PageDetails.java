package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.PageState;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.PageHistory;
import dev.faultscope.timeline.Timeline;
import java.util.List;

/**
 * Everything about one page at one moment.
 *
 * @param state its {@link PageState}
 * @param facts the state in words
 * @param waiting faults on it that wait
 * @param history events about it up to the moment, newest first, at most {@value #MAX_HISTORY}
 * @param content what it holds
 * @param causes the last of them and what led to it, newest first
 */
public record PageDetails(
    int state,
    List<String> facts,
    List<QueueView.Entry> waiting,
    PageContent content,
    List<ToldEvent> history,
    List<ToldEvent> causes) {
  /** Most events of a history. */
  public static final int MAX_HISTORY = 200;

  /**
   * {@return everything about a page}
   *
   * @throws IndexOutOfBoundsException if there is no such page or moment
   */
  public static PageDetails of(Timeline timeline, int region, int page, long seq) {
    requirePage(timeline, region, page);
    Narrator narrator = new Narrator(timeline);
    try (Cursor cursor = timeline.cursor()) {
      cursor.seek(seq);
      int state = cursor.state(region, page);
      List<Event> history =
          seq == 0 ? List.of() : PageHistory.of(timeline, region, page, seq, MAX_HISTORY).events();
      return new PageDetails(
          state,
          PageState.describe(state),
          cursor.moment().queue().stream()
              .filter(entry -> entry.region() == region && entry.page() == page)
              .map(QueueView.Entry::of)
              .toList(),
          PageContent.of(timeline, page, state, history),
          history.stream().map(event -> ToldEvent.of(timeline, event, narrator)).toList(),
          history.isEmpty() ? List.of() : Reasons.of(timeline, history.getFirst().sequence()));
    }
  }

  static void requirePage(Timeline timeline, int region, int page) {
    if (region < 0 || region >= timeline.regions().size()) {
      throw new IndexOutOfBoundsException("there is no region " + region);
    }
    if (page < 0 || page >= timeline.regions().get(region).pages()) {
      throw new IndexOutOfBoundsException("region " + region + " has no page " + page);
    }
  }
}
