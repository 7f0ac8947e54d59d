package dev.faultscope.timeline;

/**
 * Counts durations in buckets that are at most 1/32 wide, so that quantiles of any number of them
 * take the same memory. Not safe for several threads.
 */
public final class LatencyHistogram {
  private static final int SUB_BITS = 6;
  private static final int SUB = 1 << SUB_BITS;

  private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUB];
  private long count;
  private long max;

  /** Adds a duration in nanoseconds; a negative one counts as 0. */
  public void add(long ns) {
    long value = Math.max(0, ns);
    counts[bucket(value)]++;
    count++;
    max = Math.max(max, value);
  }

  /** {@return how many durations were added} */
  public long count() {
    return count;
  }

  /** {@return the longest, 0 where there is none} */
  public long max() {
    return max;
  }

  /**
   * {@return an upper bound of a quantile, at most 1/32 above it; 0 where nothing was added}
   *
   * @param q from 0 to 1
   */
  public long quantile(double q) {
    long rank = (long) Math.ceil(q * count);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (counts[i] > 0 && seen >= rank) {
        return Math.min(max, highest(i));
      }
    }
    return 0;
  }

  private static int bucket(long value) {
    if (value < SUB) {
      return (int) value;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS + 1;
    return (exponent << (SUB_BITS - 1)) + (int) (value >>> exponent);
  }

  private static long highest(int bucket) {
    if (bucket < SUB) {
      return bucket;
    }
    int exponent = (bucket >>> (SUB_BITS - 1)) - 1;
    long mantissa = bucket - ((long) exponent << (SUB_BITS - 1));
    return ((mantissa + 1) << exponent) - 1;
  }
}
