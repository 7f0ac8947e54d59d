package dev.faultscope.timeline;

import org.HdrHistogram.Histogram;

/**
 * Counts durations to three significant digits, so that the percentiles of any number of them take
 * the same memory: 430 KiB. Every percentile that is shown anywhere is one of these. Not safe for
 * several threads.
 *
 * <p>A percentile is of the nearest rank: the shortest duration that this part of all do not
 * exceed, rounded up by less than a thousandth and never above the longest.
 */
public final class LatencyHistogram {
  private static final int SIGNIFICANT_DIGITS = 3;

  private final Histogram histogram = new Histogram(1, Long.MAX_VALUE, SIGNIFICANT_DIGITS);
  private long max;

  /** The percentiles that are shown, and the longest, in nanoseconds; zeros where there is none. */
  public record Percentiles(long p50, long p99, long max) {}

  /** Adds a duration in nanoseconds; a negative one counts as 0. */
  public void add(long ns) {
    long value = Math.max(0, ns);
    histogram.recordValue(value);
    max = Math.max(max, value);
  }

  /** {@return how many durations were added} */
  public long count() {
    return histogram.getTotalCount();
  }

  /** {@return the longest, 0 where there is none} */
  public long max() {
    return max;
  }

  /**
   * {@return the duration that a part of all do not exceed; 0 where nothing was added}
   *
   * @param part from 0 to 1
   */
  public long quantile(double part) {
    return Math.min(max, histogram.getValueAtPercentile(part * 100));
  }

  /** {@return what is shown of them} */
  public Percentiles percentiles() {
    return new Percentiles(quantile(0.5), quantile(0.99), max);
  }
}
