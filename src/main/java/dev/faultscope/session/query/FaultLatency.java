package dev.faultscope.session.query;

import dev.faultscope.timeline.LatencyHistogram;
import java.util.ArrayList;
import java.util.List;

/**
 * How long faults waited from queue to wake. Nanoseconds; zeros where none was woken.
 *
 * @param faults that were woken
 * @param p50Ns half of them waited no longer
 * @param buckets how many waited how long, by powers of two of a microsecond, from the first with a
 *     fault to the last
 */
public record FaultLatency(long faults, long p50Ns, long p99Ns, long maxNs, List<Bucket> buckets) {

  /**
   * Faults that waited about as long.
   *
   * @param fromNs the shortest that belongs here
   * @param toNs the shortest that does no more
   */
  public record Bucket(long fromNs, long toNs, long faults) {}

  /** Buckets there are, by powers of two of a microsecond. */
  static final int BUCKETS = 55;

  private static final long FIRST_NS = 1000;

  /** {@return the bucket that a wait belongs to} */
  static int bucketOf(long ns) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, ns) / FIRST_NS);
  }

  /** {@return the shortest wait of a bucket} */
  static long fromNs(int bucket) {
    return bucket == 0 ? 0 : FIRST_NS << (bucket - 1);
  }

  /** {@return the shortest wait that a bucket has no more} */
  static long toNs(int bucket) {
    return bucket == BUCKETS - 1 ? Long.MAX_VALUE : FIRST_NS << bucket;
  }

  /** Counts durations one by one. */
  static final class Counts {
    private final LatencyHistogram histogram = new LatencyHistogram();
    private final long[] buckets = new long[BUCKETS];

    void add(long ns) {
      histogram.add(ns);
      buckets[bucketOf(ns)]++;
    }

    FaultLatency counted() {
      int first = 0;
      int end = BUCKETS;
      while (first < BUCKETS && buckets[first] == 0) {
        first++;
      }
      while (end > first && buckets[end - 1] == 0) {
        end--;
      }
      List<Bucket> told = new ArrayList<>();
      for (int i = first; i < end; i++) {
        told.add(new Bucket(fromNs(i), toNs(i), buckets[i]));
      }
      LatencyHistogram.Percentiles of = histogram.percentiles();
      return new FaultLatency(histogram.count(), of.p50(), of.p99(), of.max(), told);
    }
  }
}
