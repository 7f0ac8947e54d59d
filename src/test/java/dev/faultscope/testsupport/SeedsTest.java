package dev.faultscope.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeedsTest {

  private String given;

  @BeforeEach
  void forgetTheSeedOfThisRun() {
    given = System.getProperty(Seeds.PROPERTY);
    System.clearProperty(Seeds.PROPERTY);
  }

  @AfterEach
  void restoreTheSeedOfThisRun() {
    if (given == null) {
      System.clearProperty(Seeds.PROPERTY);
    } else {
      System.setProperty(Seeds.PROPERTY, given);
    }
  }

  @Test
  void everySeedIsTriedInOrder() {
    List<Long> seen = new ArrayList<>();
    Seeds.forEach(4, seen::add);
    assertThat(seen).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void failureNamesItsSeedAndHowToReplayIt() {
    assertThatThrownBy(() -> Seeds.forEach(9, seed -> assertThat(seed).isLessThan(5)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Seed 5 failed (replay with -Dfaultscope.seed=5)");
  }

  @Test
  void givenSeedIsTheOnlyOneTried() {
    System.setProperty(Seeds.PROPERTY, "77");
    List<Long> seen = new ArrayList<>();
    Seeds.forEach(4, seen::add);
    assertThat(seen).containsExactly(77L);
  }
}
