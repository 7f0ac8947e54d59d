package dev.faultscope.session.query;

import dev.faultscope.timeline.PageHistory;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every event after which a page's state is another, oldest first, each with its cause.
 *
 * @param scanned events passed
 * @param complete whether the recording was searched to its end as it is now
 * @param next where to ask again, also for what comes to a recording that grows
 */
public record PageChanges(List<Change> changes, long scanned, boolean complete, long next) {
  /** Most changes of an answer. */
  public static final int MAX_CHANGES = 200;

  public PageChanges {
    changes = List.copyOf(changes);
  }

  /**
   * A change.
   *
   * @param cause what led to it; null where the recording does not say
   */
  public record Change(ToldEvent event, @Nullable ToldEvent cause) {}

  /**
   * {@return the changes from an event on}
   *
   * @param limit most of them, 1 to {@value #MAX_CHANGES}
   * @throws IndexOutOfBoundsException if there is no such page
   */
  public static PageChanges of(Timeline timeline, int region, int page, long from, int limit) {
    PageDetails.requirePage(timeline, region, page);
    if (from > timeline.lastSequence()) {
      return new PageChanges(List.of(), 0, true, from);
    }
    Narrator narrator = new Narrator(timeline);
    SearchResult found = PageHistory.changes(timeline, region, page, from, limit);
    return new PageChanges(
        found.hits().stream()
            .map(timeline::event)
            .map(
                event ->
                    new Change(
                        ToldEvent.of(timeline, event, narrator),
                        event.cause() == 0
                            ? null
                            : ToldEvent.of(timeline, timeline.event(event.cause()), narrator)))
            .toList(),
        found.scanned(),
        found.isComplete(),
        from + found.scanned());
  }
}
