package dev.faultscope.session.query;

import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.Query;
import java.util.ArrayList;
import java.util.List;

/**
 * How many events satisfy a predicate, and where about.
 *
 * @param count hits among the events that were passed
 * @param ticks sequence numbers of some of them, ascending: the first, and of each {@value
 *     #PARTS}th part of the recording the first, so that none is lost to who draws that many
 *     columns
 * @param scanned events passed
 * @param complete whether the recording was searched to its end as it is now
 * @param next where to ask again, also for what comes to a recording that grows
 */
public record HitCount(long count, List<Long> ticks, long scanned, boolean complete, long next) {
  /** Parts of the recording that are told apart. */
  public static final int PARTS = 4096;

  private static final int HITS_A_TIME = 1 << 16;

  public HitCount {
    ticks = List.copyOf(ticks);
  }

  /**
   * {@return the hits from an event on}
   *
   * @param query a predicate
   * @param from where to begin, that event included, at least 1
   * @throws dev.faultscope.timeline.query.QueryException if the text is no predicate
   */
  public static HitCount of(Timeline timeline, String query, long from) {
    return of(timeline, query, from, Search.SCAN_LIMIT);
  }

  static HitCount of(Timeline timeline, String query, long from, long scanLimit) {
    Query parsed = Query.parse(query);
    long last = timeline.lastSequence();
    if (last == 0 && timeline.regions().isEmpty()) {
      // Nothing is declared yet that it could name.
      return new HitCount(0, List.of(), 0, true, from);
    }
    EventPredicate predicate = parsed.on(timeline);
    if (from > last) {
      return new HitCount(0, List.of(), 0, true, from);
    }
    Search search = timeline.search();
    List<Long> ticks = new ArrayList<>();
    long part = -1;
    long count = 0;
    long at = from;
    while (at <= last && at - from < scanLimit) {
      SearchResult found =
          search.find(
              predicate, at, Search.Direction.FORWARD, HITS_A_TIME, scanLimit - (at - from));
      for (long hit : found.hits()) {
        long of = hit * PARTS / last;
        if (of != part) {
          part = of;
          ticks.add(hit);
        }
      }
      count += found.hits().size();
      at += found.scanned();
    }
    return new HitCount(count, ticks, at - from, at > last, at);
  }
}
