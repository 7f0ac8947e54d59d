package dev.faultscope.simulation.kernel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every fault asleep in an address space, found by its page: thousands of threads may wait, and
 * each step of each fault asks who waits for its page.
 */
final class Waiters {
  private static final int FIRST_BUCKETS = 256;

  private @Nullable Waiter[] buckets = new @Nullable Waiter[FIRST_BUCKETS];
  private int size;

  void add(Waiter waiter) {
    if (4 * ++size > buckets.length) {
      grow();
    }
    int bucket = bucket(waiter.page);
    waiter.nextInBucket = buckets[bucket];
    buckets[bucket] = waiter;
  }

  void remove(Waiter waiter) {
    int bucket = bucket(waiter.page);
    Waiter at = buckets[bucket];
    if (at == waiter) {
      buckets[bucket] = waiter.nextInBucket;
    } else {
      while (at != null && at.nextInBucket != waiter) {
        at = at.nextInBucket;
      }
      if (at == null) {
        throw new IllegalStateException("a fault that nobody waits for");
      }
      at.nextInBucket = waiter.nextInBucket;
    }
    waiter.nextInBucket = null;
    size--;
  }

  /** {@return one that waits for a page, null where nobody does; go on with {@link #nextAt}} */
  @Nullable Waiter firstAt(long page) {
    return at(buckets[bucket(page)], page);
  }

  /** {@return another one that waits for the same page, null where there is none} */
  static @Nullable Waiter nextAt(Waiter waiter) {
    return at(waiter.nextInBucket, waiter.page);
  }

  private static @Nullable Waiter at(@Nullable Waiter from, long page) {
    Waiter waiter = from;
    while (waiter != null && waiter.page != page) {
      waiter = waiter.nextInBucket;
    }
    return waiter;
  }

  /** {@return all of them, in no particular order} */
  List<Waiter> all() {
    List<Waiter> all = new ArrayList<>(size);
    for (Waiter first : buckets) {
      for (Waiter waiter = first; waiter != null; waiter = waiter.nextInBucket) {
        all.add(waiter);
      }
    }
    return all;
  }

  private int bucket(long page) {
    return (int) (page * 0x9e3779b97f4a7c15L >>> 40) & (buckets.length - 1);
  }

  private void grow() {
    List<Waiter> all = all();
    buckets = new @Nullable Waiter[2 * buckets.length];
    for (Waiter waiter : all) {
      int bucket = bucket(waiter.page);
      waiter.nextInBucket = buckets[bucket];
      buckets[bucket] = waiter;
    }
  }
}
