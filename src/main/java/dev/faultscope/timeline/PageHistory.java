package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.timeline.Search.Direction;
import java.util.List;

/**
 * What happened to one page, newest first.
 *
 * @param events events about the page
 * @param next the moment to ask from for older ones, 0 where there are none
 */
public record PageHistory(List<Event> events, long next) {
  /**
   * {@return the events about a page up to a moment}
   *
   * @param limit most events, at least 1
   */
  public static PageHistory of(Timeline timeline, int region, int page, long upTo, int limit) {
    SearchResult found =
        timeline
            .search()
            .find(new AboutPage(region, page), upTo, Direction.BACKWARD, limit, Search.SCAN_LIMIT);
    return new PageHistory(found.hits().stream().map(timeline::event).toList(), found.next());
  }

  /**
   * {@return the events after which a page's state is another, oldest first}
   *
   * @param from where to begin, that event included
   * @param limit most events, at least 1
   */
  public static SearchResult changes(
      Timeline timeline, int region, int page, long from, int limit) {
    return timeline
        .search()
        .find(
            new ChangeOfPage(new AboutPage(region, page)),
            from,
            Direction.FORWARD,
            limit,
            Search.SCAN_LIMIT);
  }

  /** Events that leave a page in another state. */
  private record ChangeOfPage(AboutPage about) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return about.mayMatch(chunk);
    }

    @Override
    public boolean test(EventView event) {
      return about.test(event) && event.before() != event.after();
    }
  }

  /** Events about a page. */
  private record AboutPage(int region, int page) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return chunk.mayTouch(region, page, 1);
    }

    @Override
    public boolean test(EventView event) {
      int distance = page - event.firstPage();
      return event.region() == region && distance >= 0 && distance < event.pageCount();
    }
  }
}
