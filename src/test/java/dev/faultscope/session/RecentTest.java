package dev.faultscope.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentTest {
  private final Recent<String> recent = new Recent<>(2, word -> word.startsWith("over"));

  @Test
  void theOldestThatIsOverIsForgottenFirst() {
    recent.add("a", "goes on");
    recent.add("b", "over first");
    recent.add("c", "over second");

    assertThat(recent.all()).containsExactly("goes on", "over second");
    assertThat(recent.find("b")).isEmpty();
    assertThat(recent.find("c")).contains("over second");
  }

  @Test
  void whatGoesOnIsKeptHoweverManyThereAre() {
    for (String name : new String[] {"a", "b", "c", "d"}) {
      recent.add(name, "goes on");
    }
    assertThat(recent.all()).hasSize(4);
  }

  @Test
  void whatIsForgottenIsGone() {
    recent.add("a", "goes on");
    assertThat(recent.forget("a")).contains("goes on");
    assertThat(recent.forget("a")).isEmpty();
    assertThat(recent.all()).isEmpty();
  }
}
