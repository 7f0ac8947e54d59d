package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultscope.scenario.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The rates are of simulated time, so every run finds the same. */
class CostModelBenchmarkTest {
  @Test
  void oneUserfaultfdLevelsOffHoweverManyVcpus() {
    double level = CostModelBenchmark.one(4);

    assertThat(level).isCloseTo(200_000, Percentage.withPercentage(25));
    for (int vcpus : new int[] {8, 16, 32, 64, 128}) {
      assertThat(CostModelBenchmark.one(vcpus))
          .as("%d vCPUs", vcpus)
          .isCloseTo(level, Percentage.withPercentage(5));
    }
  }

  @Test
  void moreUserfaultfdsAndExitsGoBeyondThatLevel() {
    double level = CostModelBenchmark.one(64);

    assertThat(CostModelBenchmark.onePerVcpu(64)).isGreaterThan(3 * level);
    assertThat(CostModelBenchmark.exits(8)).isGreaterThan(5 * level);
  }

  @Test
  void manyReadersOfOneUserfaultfdSlowItDown() {
    assertThat(CostModelBenchmark.readerPerVcpu(64))
        .isLessThan(0.6 * CostModelBenchmark.readerPerVcpu(4));
  }

  @Test
  void publishedRatesAreMetWithinAFactorOfThree() {
    List<CostModelBenchmark.Figure> all = new ArrayList<>(CostModelBenchmark.houghton());
    all.addAll(CostModelBenchmark.moorthy());

    assertThat(all)
        .hasSize(30)
        .allSatisfy(each -> assertThat(each.ratio()).as("%s", each).isBetween(1.0 / 3, 3.0));
  }

  @Test
  void wakeUpsDominateTheSeriesRate() {
    double rate = CostModelBenchmark.series(Map.of("costs.wake", CostModelBenchmark.SOLVED_WAKE));
    Map<Cost, Double> parts = CostModelBenchmark.parts();

    assertThat(rate / CostModelBenchmark.SERIES_RATE).isCloseTo(1, within(0.01));
    assertThat(CostModelBenchmark.dominant(parts)).isEqualTo(Cost.WAKE);
    // Two sleepers are woken for each page: the reader and the vCPU.
    assertThat(parts.get(Cost.WAKE)).isCloseTo(2 * 16.9, within(0.1));
  }
}
