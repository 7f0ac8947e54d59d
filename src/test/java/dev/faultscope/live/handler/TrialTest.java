package dev.faultscope.live.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.handler.Trial.Way;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrialTest {
  private static final Way SLOW = new Way(Placement.FREE, 0);
  private static final Way FAST = new Way(Placement.SAME, 60_000);
  private static final Way OTHER = new Way(Placement.APART, 60_000);

  private int faults;

  @Test
  void fastestWayIsKept() {
    Trial trial = new Trial(List.of(SLOW, FAST, OTHER));
    assertThat(run(trial, Map.of(SLOW, 80_000L, FAST, 8_000L, OTHER, 20_000L), -1)).isEqualTo(FAST);
    assertThat(trial.met(Long.MAX_VALUE)).isNull();
  }

  @Test
  void turnThatWasDisturbedCountsAnew() {
    Trial trial = new Trial(List.of(SLOW, FAST));
    assertThat(run(trial, Map.of(SLOW, 80_000L, FAST, 8_000L), 600)).isEqualTo(FAST);
  }

  @Test
  void waysThatAreFarBehindAreTriedNoMore() {
    Trial trial = new Trial(List.of(SLOW, FAST, OTHER));
    run(trial, Map.of(SLOW, 80_000L, FAST, 8_000L, OTHER, 80_000L), -1);
    int both = faults;
    trial = new Trial(List.of(SLOW, FAST, OTHER));
    run(trial, Map.of(SLOW, 9_000L, FAST, 8_000L, OTHER, 9_000L), -1);
    assertThat(both).isLessThan(faults * 2 / 3);
  }

  @Test
  void aWayThatBeginsColdIsNotLost() {
    Trial trial = new Trial(List.of(FAST, SLOW));
    Way way = trial.current();
    long now = 0;
    for (int fault = 0; !trial.isOver(); fault++) {
      now += fault < 200 ? 100_000 : way.equals(FAST) ? 8_000 : 20_000;
      @Nullable Way next = trial.met(now);
      way = next == null ? way : next;
    }
    assertThat(way).isEqualTo(FAST);
  }

  /** Meets faults as fast as each way allows; at one of them the clock stands for a minute. */
  private Way run(Trial trial, Map<Way, Long> nanosecondsAFault, int disturbedAt) {
    Way way = trial.current();
    long now = 0;
    faults = 0;
    for (int fault = 0; !trial.isOver(); fault++) {
      faults++;
      now += nanosecondsAFault.getOrDefault(way, 0L);
      if (fault == disturbedAt) {
        now += 60_000_000_000L;
        trial.disturbed();
      }
      @Nullable Way next = trial.met(now);
      way = next == null ? way : next;
    }
    return way;
  }
}
