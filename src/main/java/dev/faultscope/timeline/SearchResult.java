package dev.faultscope.timeline;

import java.util.List;

/**
 * What a search found before it stopped.
 *
 * @param hits sequence numbers in the order they were met
 * @param scanned events passed, those of skipped chunks included
 * @param next where to ask again, 0 where the timeline was searched to its end
 */
public record SearchResult(List<Long> hits, long scanned, long next) {
  /** {@return whether the timeline was searched to its end in that direction} */
  public boolean isComplete() {
    return next == 0;
  }

  /** {@return the first hit, 0 where there is none} */
  public long first() {
    return hits.isEmpty() ? 0 : hits.getFirst();
  }
}
