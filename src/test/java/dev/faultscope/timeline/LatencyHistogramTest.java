package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  @Test
  void quantilesAreOfTheNearestRankAndAtMostAThousandthTooHigh() {
    Random random = new Random(5);
    LatencyHistogram histogram = new LatencyHistogram();
    long[] values = new long[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextDouble() * 40);
      histogram.add(values[i]);
    }
    Arrays.sort(values);
    for (double q : new double[] {0.01, 0.5, 0.9, 0.99, 1}) {
      long exact = values[(int) Math.ceil(q * values.length) - 1];
      assertThat(histogram.quantile(q)).isBetween(exact, exact + exact / 1000);
    }
    assertThat(histogram.max()).isEqualTo(values[values.length - 1]);
    assertThat(histogram.count()).isEqualTo(values.length);
  }

  @Test
  void smallNumbersAreExact() {
    LatencyHistogram histogram = new LatencyHistogram();
    for (long value = 1; value <= 1000; value++) {
      histogram.add(value);
    }
    assertThat(histogram.percentiles()).isEqualTo(new LatencyHistogram.Percentiles(500, 990, 1000));
  }

  @Test
  void anEmptyOneHasNoQuantilesAndExtremesFit() {
    LatencyHistogram histogram = new LatencyHistogram();
    assertThat(histogram.quantile(0.5)).isZero();
    histogram.add(-5);
    histogram.add(Long.MAX_VALUE);
    assertThat(histogram.quantile(0.5)).isZero();
    assertThat(histogram.quantile(1)).isEqualTo(Long.MAX_VALUE);
  }
}
