package dev.faultscope.timeline;

import java.util.Arrays;

/**
 * Tallies at even distances, so that one is told at any moment, and the moment of any number, from
 * the events of one stride. Made when first asked for, in one pass, and grown with the recording;
 * 16 bytes a stride. Safe for many threads.
 */
final class TallyIndex {
  private final EventStore store;
  private final RecordWindow window;
  private final int stride;

  /** By tally, then stride: how many up to and with the last event of those before it. */
  private final long[][] sums = new long[Tally.values().length][64];

  private int strides = 1;

  TallyIndex(EventStore store) {
    this(store, FileFormat.CHUNK_EVENTS / 8);
  }

  /**
   * @param stride events between two sums, at least 1
   */
  TallyIndex(EventStore store, int stride) {
    this.store = store;
    this.stride = stride;
    window = new RecordWindow(store);
  }

  /** {@return how many there were at a moment, which must have been published} */
  synchronized long at(Tally tally, long moment) {
    growTo(moment);
    int whole = (int) (moment / stride);
    long count = sums[tally.ordinal()][whole];
    for (long sequence = (long) whole * stride + 1; sequence <= moment; sequence++) {
      count += of(tally, sequence);
    }
    return count;
  }

  /**
   * {@return the first moment at which there were so many, -1 where there are fewer by now}
   *
   * @param count moment 0 has 0 of each
   */
  synchronized long momentOf(Tally tally, long count) {
    if (count <= 0) {
      return 0;
    }
    long last = store.last();
    growTo(last);
    // Sums never fall: the first that is too many ends the stride that is looked for.
    long[] all = sums[tally.ordinal()];
    int from = firstWith(all, count) - 1;
    long reached = all[from];
    for (long sequence = (long) from * stride + 1; sequence <= last; sequence++) {
      reached += of(tally, sequence);
      if (reached >= count) {
        return sequence;
      }
    }
    return -1;
  }

  /** {@return the first stride before which there are so many; one beyond all where none is} */
  private int firstWith(long[] all, long count) {
    int low = 0;
    int high = strides;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all[middle] >= count) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private void growTo(long moment) {
    while ((long) strides * stride <= moment) {
      for (Tally tally : Tally.values()) {
        long[] all = sums[tally.ordinal()];
        if (strides == all.length) {
          all = Arrays.copyOf(all, strides * 2);
          sums[tally.ordinal()] = all;
        }
        all[strides] = all[strides - 1];
      }
      long first = (long) (strides - 1) * stride + 1;
      for (long sequence = first; sequence < first + stride; sequence++) {
        for (Tally tally : Tally.values()) {
          sums[tally.ordinal()][strides] += of(tally, sequence);
        }
      }
      strides++;
    }
  }

  private int of(Tally tally, long sequence) {
    int at = window.at(sequence);
    long[] records = window.records();
    return tally.of(records[at + 1], records[at + 3]);
  }
}
