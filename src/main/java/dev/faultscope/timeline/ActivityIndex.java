package dev.faultscope.timeline;

import java.util.ArrayList;
import java.util.List;

/**
 * Sums of {@link ActivitySums} at even distances, so that a window over any number of events is
 * summed exactly without looking at all of them. Made when first asked for, in one pass, and grown
 * with the recording. Safe for many threads.
 */
final class ActivityIndex {
  /** All sums together have at most so many numbers: 32 MiB. */
  private static final long MAX_NUMBERS = 4L << 20;

  private final EventStore store;
  private final long maxNumbers;
  private final List<ActivitySums.Sum> sums = new ArrayList<>();
  private final ActivitySums walking = new ActivitySums(new Fold(), 0);
  private final RecordWindow window;
  private long stride;
  private long numbers;

  ActivityIndex(EventStore store) {
    this(store, FileFormat.CHUNK_EVENTS, MAX_NUMBERS);
  }

  /**
   * @param stride events between two sums, until they have too many numbers
   */
  ActivityIndex(EventStore store, long stride, long maxNumbers) {
    this.store = store;
    this.stride = stride;
    this.maxNumbers = maxNumbers;
    window = new RecordWindow(store);
    sums.add(walking.sum());
  }

  /** {@return events between two sums, about} */
  synchronized long stride() {
    return stride;
  }

  /** {@return the sums at moments of a range, in their order; at least the range's two ends} */
  synchronized List<ActivitySums.Sum> between(long from, long to) {
    growTo(Math.min(to, store.last()));
    int first = 0;
    int end = sums.size();
    while (first < end && sums.get(first).moment() < from) {
      first++;
    }
    int last = first;
    while (last < end && sums.get(last).moment() <= to) {
      last++;
    }
    return List.copyOf(sums.subList(first, last));
  }

  private void growTo(long moment) {
    while (walking.position() < moment) {
      long next = (walking.position() / stride + 1) * stride;
      walking.foldTo(Math.min(next, moment), window);
      if (walking.position() == next) {
        add();
      }
    }
  }

  private void add() {
    walking.settle(walking.timeNs());
    ActivitySums.Sum sum = walking.sum();
    walking.takeMost();
    sums.add(sum);
    numbers += sum.spent().length;
    if (numbers > maxNumbers) {
      thin();
    }
  }

  /** Keeps every second sum. */
  private void thin() {
    stride *= 2;
    numbers = 0;
    List<ActivitySums.Sum> kept = new ArrayList<>();
    int most = 0;
    for (ActivitySums.Sum sum : sums) {
      most = Math.max(most, sum.most());
      if (sum.moment() % stride == 0) {
        kept.add(
            new ActivitySums.Sum(
                sum.moment(),
                sum.timeNs(),
                sum.spent(),
                sum.depthNs(),
                sum.queued(),
                sum.served(),
                most));
        numbers += sum.spent().length;
        most = 0;
      }
    }
    // What came after the last that is kept belongs to the next.
    walking.reached(most);
    sums.clear();
    sums.addAll(kept);
  }
}
