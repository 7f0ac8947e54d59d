package dev.faultscope.live.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void quantilesAreRightToAnEighth() {
    Latencies latencies = new Latencies();
    assertThat(latencies.quantile(0.5)).isZero();
    for (long value = 1; value <= 100_000; value++) {
      latencies.add(value);
    }
    assertThat(latencies.count()).isEqualTo(100_000);
    for (double part : new double[] {0.01, 0.5, 0.9, 0.99, 1}) {
      assertThat((double) latencies.quantile(part))
          .isBetween(part * 100_000 * 0.87, part * 100_000);
    }
  }

  @Test
  void anyDurationHasABucket() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long value = random.nextLong() >>> random.nextInt(64);
      Latencies latencies = new Latencies();
      latencies.add(value);
      assertThat(latencies.quantile(1)).isLessThanOrEqualTo(Math.max(0, value));
    }
  }
}
