package dev.faultscope.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  @Test
  void quantilesAreAtMostAThirtySecondTooHigh() {
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
      assertThat(histogram.quantile(q)).isBetween(exact, exact + exact / 32 + 1);
    }
    assertThat(histogram.max()).isEqualTo(values[values.length - 1]);
    assertThat(histogram.count()).isEqualTo(values.length);
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
