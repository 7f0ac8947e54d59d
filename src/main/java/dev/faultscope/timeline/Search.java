package dev.faultscope.timeline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for events, chunk by chunk, and skips the chunks whose summary rules them out. For one
 * thread.
 */
public final class Search {
  /** Where a search goes. */
  public enum Direction {
    FORWARD,
    BACKWARD
  }

  /** Events examined by one call unless the caller says otherwise: a fraction of a second. */
  public static final long SCAN_LIMIT = 20_000_000;

  /** What skipping a chunk costs, in events examined. */
  private static final int SKIP_COST = 100;

  private final EventStore store;
  private final MomentFolder folder;
  private final RecordWindow window;
  private final EventView view;
  private @Nullable Fold fold;

  Search(EventStore store, Declarations declarations) {
    this.store = store;
    view = new EventView(declarations.codes());
    folder = new MomentFolder(store, declarations);
    window = new RecordWindow(store);
  }

  /**
   * {@return this search, from now on with every ENQUEUE seen as the beginning of its wait alone,
   * not as the end of one that its actor was not told to be woken from}
   */
  public Search ofBeginnings() {
    view.hideEnds();
    return this;
  }

  /** {@return the nearest event, from an event on and that one included} */
  public SearchResult find(EventPredicate predicate, long from, Direction direction) {
    return find(predicate, from, direction, 1, SCAN_LIMIT);
  }

  /**
   * Looks for events from one on and that one included.
   *
   * @param from where to begin; outside the timeline, the search begins at its nearer end or finds
   *     nothing
   * @param limit stop after so many hits, at least 1
   * @param scanLimit stop after about so many events examined; at least one chunk is examined
   */
  public SearchResult find(
      EventPredicate predicate, long from, Direction direction, int limit, long scanLimit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit + " must be at least 1");
    }
    boolean forward = direction == Direction.FORWARD;
    long last = store.last();
    long at = forward ? Math.max(1, from) : Math.min(last, from);
    long start = at;
    long examined = 0;
    Hits hits = new Hits(limit);
    while (at >= 1 && at <= last && examined < scanLimit && !hits.isFull()) {
      int index = store.chunkIndexOf(at);
      EventStore.Chunk chunk = index < 0 ? null : store.chunk(index);
      long low = chunk != null ? chunk.first() : Math.min(sealedEnd() + 1, at);
      long high = chunk != null ? chunk.last() : last;
      if (chunk != null
          && chunk.summary() > 0
          && !predicate.mayMatch(ChunkSummaries.summary(store, chunk))) {
        examined += SKIP_COST;
        at = forward ? high + 1 : low - 1;
      } else if (forward) {
        examined += high - at + 1;
        at = scanForward(predicate, at, high, hits);
      } else {
        examined += at - low + 1;
        at = scanBackward(predicate, low, at, hits);
      }
    }
    boolean ended = at < 1 || at > last;
    return new SearchResult(hits.found, Math.abs(at - start), ended ? 0 : at);
  }

  private long sealedEnd() {
    int chunks = store.chunkCount();
    return chunks == 0 ? 0 : store.chunk(chunks - 1).last();
  }

  private long scanForward(EventPredicate predicate, long from, long to, Hits hits) {
    Fold following = predicate.needsQueue() ? foldAt(from - 1) : null;
    for (long at = from; at <= to; ) {
      int n = window.ahead(at, to);
      int record = window.at(at);
      for (int i = 0; i < n; i++, at++, record += Records.LONGS) {
        if (matches(predicate, at, record, following)) {
          hits.add(at);
          if (hits.isFull()) {
            return at + 1;
          }
        }
      }
    }
    return to + 1;
  }

  private long scanBackward(EventPredicate predicate, long low, long from, Hits hits) {
    if (predicate.needsQueue()) {
      Hits all = new Hits(Integer.MAX_VALUE);
      scanForward(predicate, low, from, all);
      for (int i = all.found.size() - 1; i >= 0; i--) {
        hits.add(all.found.get(i));
        if (hits.isFull()) {
          return all.found.get(i) - 1;
        }
      }
      return low - 1;
    }
    for (long at = from; at >= low; at--) {
      if (matches(predicate, at, window.atBackwards(at), null)) {
        hits.add(at);
        if (hits.isFull()) {
          return at - 1;
        }
      }
    }
    return low - 1;
  }

  private boolean matches(EventPredicate predicate, long sequence, int at, @Nullable Fold after) {
    long[] records = window.records();
    if (after != null) {
      after.apply(sequence, records[at], records[at + 1], records[at + 2], records[at + 3]);
    }
    view.show(sequence, records, at, after);
    return predicate.test(view);
  }

  /** A fold of this search's own at a moment, the last one where it ended there. */
  private Fold foldAt(long moment) {
    Fold own = fold;
    if (own == null || own.position() != moment) {
      own = folder.at(moment).copy();
      fold = own;
    }
    return own;
  }

  /** Hits, and when there are enough. */
  private static final class Hits {
    final List<Long> found = new ArrayList<>();
    private final int limit;

    Hits(int limit) {
      this.limit = limit;
    }

    void add(long sequence) {
      found.add(sequence);
    }

    boolean isFull() {
      return found.size() >= limit;
    }
  }
}
