package dev.faultscope.live.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.policy.HandledPages;
import dev.faultscope.policy.Plan;
import dev.faultscope.policy.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of peers whose workload nobody knows. */
class HandlerPolicyTest {
  @ParameterizedTest
  @ValueSource(strings = {"oracle", "working-set", "working-set:order=address"})
  void aPolicyThatForeseesWantsARecording(String text) {
    assertThatThrownBy(() -> HandlerPolicy.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name a recording, as in " + text.split(":", 2)[0] + ":recording=");
  }

  @Test
  void aRecordingThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> HandlerPolicy.parse("oracle:recording=boot"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("boot");
  }

  @Test
  void offsetsOfTheMemoryFileArePagesOfTheRegionsThatHoldThem() {
    HandledPages handled =
        new HandledPages(List.of(area("0", 0x10_0000, 0, 4), area("1", 0x20_0000, 8, 4)));
    HandlerPolicy policy =
        HandlerPolicy.ofOffsets(
            PolicySpec.parse("working-set:first=set"),
            List.of(9 * 4096L, 2 * 4096L, 6 * 4096L, 9 * 4096L, 1L << 30));
    Plan plan = new Plan();
    policy.make(handled).fault(0, plan);

    List<Integer> quietly = new ArrayList<>();
    while (plan.kind() == Plan.Kind.INSTALL_QUIETLY) {
      quietly.add(plan.first());
      plan.done(plan.count());
    }
    assertThat(quietly).as("file pages 9 and 2; 6 is in no region").containsExactly(5, 2);
  }

  private static HandledPages.Area area(String name, long address, long filePage, int pages) {
    return new HandledPages.Area(
        name, 0, address, pages, 1, filePage, false, true, true, HandledPages.Content.SOURCE);
  }
}
