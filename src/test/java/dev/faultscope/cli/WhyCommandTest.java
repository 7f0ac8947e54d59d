package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.query.FaultOrder;
import dev.faultscope.session.query.FaultStory;
import dev.faultscope.session.query.FaultTable;
import dev.faultscope.testsupport.StoryParts;
import dev.faultscope.timeline.Timeline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WhyCommandTest {
  private static final String TWO_VCPUS = "sample-traces/b_kvm_2vcpu_rand_pvm.trace.txt";
  private static final String RACES = "sample-traces/v_d_kernel73.trace.txt";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void firstFaultOfTwoVcpusIsToldWithItsTrueTimes() throws Exception {
    assertThat(run("why", TWO_VCPUS, "10", "--format", "json")).isZero();
    JsonNode story = new JsonMapper().readTree(out.toString());
    assertThat(story.path("about").asLong()).isEqualTo(5);
    assertThat(story.path("steps").valueStream().map(each -> each.path("kind").asString()))
        .containsExactly(
            "touch", "decide", "enqueue", "read", "call", "ioctl", "install", "wake", "retry");
    assertThat(story.path("steps").valueStream().skip(1).map(each -> each.path("gapNs").asLong()))
        .containsExactly(0L, 0L, 44_000L, 0L, 11_000L, 0L, 0L, 91_000L);
    assertThat(story.path("parts").path("waitNs").asLong()).isEqualTo(146_000);
  }

  @Test
  void threadWhoseMessageNobodyReadSaysSoAndNamesTheOtherFault() {
    assertThat(run("why", TWO_VCPUS, "17")).isZero();
    assertThat(out.toString())
        .startsWith("#17 vCPU 0 read gfn 0x3 (guest-ram): minor fault queued (inferred)\n")
        .contains("read: not recorded")
        .contains(
            "waited 64,000 ns: unread not recorded, read to ioctl not recorded, ioctl 6,000 ns")
        .contains("The call that woke it answers another message: #13.")
        .contains(
            """
            meanwhile uffd-handler: handling 6,000 ns, not known 6,000 ns, read 1 message, CONTINUE × 1
            1 other wait: 1 begun before it, 0 after; 12,000 ns of them together with it
            vCPU 1 waited for page 0x3 of guest-ram, 12,000 ns of it: #13
            """);
  }

  @Test
  void eachWaitIsSharedOutAsInTheTableOfFaultsFromWhicheverStep() throws Exception {
    try (InputOptions.Opened opened = new InputOptions().open(Path.of(RACES))) {
      Timeline timeline = opened.timeline();
      FaultTable table = FaultTable.of(timeline, FaultOrder.TIME, null, null, 10_000);
      assertThat(table.rows()).hasSizeGreaterThan(500);
      for (FaultTable.Row row : table.rows()) {
        FaultStory story = FaultStory.of(timeline, row.seq());
        for (FaultStory.Step step : story.steps()) {
          if (step.seq() != null
              && List.of("touch", "read", "wake", "retry").contains(step.kind())) {
            assertThat(FaultStory.of(timeline, step.seq()).steps())
                .as("wait #" + row.seq() + " from #" + step.seq())
                .isEqualTo(story.steps());
          }
        }
        assertThat(story.parts()).as("wait #" + row.seq()).isEqualTo(StoryParts.of(row));
      }
    }
  }

  @Test
  void badEventsAndFormsAreToldWithWhatIsPossible() {
    assertThat(run("why", TWO_VCPUS, "73823")).isEqualTo(2);
    assertThat(err.toString()).contains("EVENT is 1 to 73822 in this recording, not 73823");
    assertThat(run("why", TWO_VCPUS, "5", "--format", "dot")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--format is one of text, mermaid, plantuml, json, not dot");
  }

  private int run(String... arguments) {
    return Main.run(
        (_, _) -> {}, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
