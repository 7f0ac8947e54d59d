package dev.faultscope.live.handler;

/** Durations in buckets of at most 1/8 of their size, so that millions take no memory. */
final class Latencies {
  private static final int PARTS = 8;
  private final long[] buckets = new long[64 * PARTS];
  private long count;

  void add(long nanoseconds) {
    buckets[bucket(Math.max(0, nanoseconds))]++;
    count++;
  }

  private static int bucket(long value) {
    if (value < PARTS) {
      return (int) value;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(value);
    return (exponent - 2) * PARTS + (int) (value >>> (exponent - 3)) - PARTS;
  }

  private static long floor(int bucket) {
    if (bucket < PARTS) {
      return bucket;
    }
    int exponent = bucket / PARTS + 2;
    return (long) (PARTS + bucket % PARTS) << (exponent - 3);
  }

  long count() {
    return count;
  }

  /**
   * {@return the duration that this part of them does not exceed by more than a bucket, 0 where
   * there are none}
   */
  long quantile(double part) {
    long wanted = (long) Math.ceil(part * count);
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += buckets[i];
      if (seen >= wanted && seen > 0) {
        return floor(i);
      }
    }
    return 0;
  }
}
