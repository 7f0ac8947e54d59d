package dev.faultscope.session.query;

import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that satisfy a predicate, in the order they were met.
 *
 * @param scanned events passed
 * @param complete whether the recording was searched to its end in that direction
 * @param next where to ask again, null if complete
 */
public record Hits(List<ShownEvent> hits, long scanned, boolean complete, @Nullable Long next) {
  /** Most hits of an answer. */
  public static final int MAX_HITS = 1000;

  private static final Hits NOTHING = new Hits(List.of(), 0, true, null);

  /**
   * {@return the next hits}
   *
   * @param query a predicate
   * @param from where to begin, that event included
   * @param direction 1 or -1
   * @param limit 1 to {@value #MAX_HITS}
   * @throws dev.faultscope.timeline.query.QueryException if the text is no predicate
   */
  public static Hits of(Timeline timeline, String query, long from, int direction, int limit) {
    Query parsed = Query.parse(query);
    if (timeline.lastSequence() == 0) {
      return NOTHING;
    }
    SearchResult found =
        timeline
            .search()
            .find(
                parsed.on(timeline),
                from,
                direction > 0 ? Search.Direction.FORWARD : Search.Direction.BACKWARD,
                limit,
                Search.SCAN_LIMIT);
    return new Hits(
        found.hits().stream().map(hit -> ShownEvent.of(timeline, timeline.event(hit))).toList(),
        found.scanned(),
        found.isComplete(),
        found.isComplete() ? null : found.next());
  }
}
