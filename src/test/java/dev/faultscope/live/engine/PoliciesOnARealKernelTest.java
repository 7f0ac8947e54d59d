package dev.faultscope.live.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.Region;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.policy.PolicyType;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.workload.RecordedAccesses;
import dev.faultscope.workload.Recordings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every policy answers real threads, who find what belongs in their pages and wait not for ever.
 */
@Requires(Requirement.UFFD)
class PoliciesOnARealKernelTest {
  private static final int PAGES = 256;

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("dev.faultscope.policy.Policies#all")
  void everyPolicyServesEveryKindOfMemory(PolicyType type) throws IOException {
    for (String memory :
        new String[] {
          "{backing: memfd, pages: 256, fill: pattern}|[MINOR]",
          "{backing: memfd, pages: 256}|[MISSING, MINOR]",
          "{backing: anon, pages: 256}|[MISSING]"
        }) {
      String[] parts = memory.split("\\|");
      RunReport report = run(scenario(parts[0], parts[1], "random"), PolicySpec.of(type));
      assertThat(report.stallNs()).as("%s on %s", type.name(), memory).hasSize(2);
      assertThat(ok(report, "COPY") + ok(report, "CONTINUE"))
          .as("%s on %s: %s", type.name(), memory, report.ioctls())
          .isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "working-set:order=first-touch",
        "working-set:order=address",
        "working-set:order=address,first=set",
        "working-set:recording=boot",
        "working-set:recording=boot,first=set",
        "oracle:recording=boot",
        "batch:before=8,after=7",
        "batch:16",
        "random-faulty:percent=100"
      })
  void settingsAreHeededOnRealMemory(String policy) throws IOException {
    RunReport report =
        run(
            scenario("{backing: anon, pages: 256}", "[MISSING]", "sequential"),
            PolicySpec.parse(policy));
    assertThat(report.messages()).as(policy).isLessThanOrEqualTo(4L * PAGES);
    if (policy.startsWith("working-set")) {
      assertThat(ok(report, "WAKE")).as("%s", report.ioctls()).isPositive();
    }
  }

  @Test
  void whatIsResidentBeforeTheStartIsNeverWaitedFor() throws IOException {
    RunReport report =
        run(
            scenario("{backing: memfd, pages: 256, fill: pattern}", "[MINOR]", "random"),
            PolicySpec.parse("all-resident"));
    assertThat(report.messages()).isZero();
    assertThat(report.ioctls()).containsEntry("CONTINUE", Map.of("ok", 1L));
  }

  @Test
  void alignedGroupsTakeOneCallEach() throws IOException {
    RunReport report =
        run(
            scenario("{backing: memfd, pages: 256, fill: pattern}", "[MINOR]", "random"),
            PolicySpec.parse("batch:64"));
    assertThat(ok(report, "CONTINUE")).isEqualTo(PAGES / 64);
  }

  @Test
  void everyPartOfAMappingCanHaveAUserfaultfdAndAHandlerOfItsOwn() throws IOException {
    String text =
        scenario("{backing: memfd, pages: 256, fill: pattern}", "[MINOR]", "sequential")
            .replace("{register", "{split: 4, register");
    RunReport report = run(text, PolicySpec.parse("on-demand"));
    assertThat(ok(report, "CONTINUE")).isEqualTo(PAGES);
    assertThat(ok(report, "REGISTER")).isEqualTo(4);
  }

  @Test
  void whatDoesNotFitSaysWhatToSet() {
    String text = scenario("{backing: anon, pages: 256}", "[MISSING]", "random");
    PolicySpec policy = PolicySpec.parse("batch");
    assertThatThrownBy(() -> run(text.replace("{uffd: u}", "{uffd: u, readers: 2}"), policy))
        .hasMessageContaining("set handlers.h.readers to 1");
    assertThatThrownBy(() -> run(text.replace("{uffd: u}", "{uffd: u, source: nvme}"), policy))
        .hasMessageContaining("set handlers.h.source to page-cache");
  }

  private static long ok(RunReport report, String ioctl) {
    return report.ioctls().getOrDefault(ioctl, Map.of()).getOrDefault("ok", 0L);
  }

  private static String scenario(String memory, String modes, String order) {
    return """
    title: two threads
    memory: {ram: MEMORY}
    uffds: {u: {register: {ram: MODES}}}
    threads: {t: {count: 2, workload: {kind: ORDER, split: true}}}
    handlers: {h: {uffd: u}}
    """
        .replace("MEMORY", memory)
        .replace("MODES", modes)
        .replace("ORDER", order);
  }

  private RunReport run(String text, PolicySpec policy) throws IOException {
    return WorkloadRun.run(
        ScenarioParser.parse(text).with(policy), 7, recordings(), new NoRecorder(), () -> false);
  }

  /** One recording, of a thread that went through the pages backwards. */
  private Recordings recordings() throws IOException {
    Path file = folder.resolve("boot" + System.nanoTime() + ".fscope");
    try (RecordingFile recording =
        RecordingFile.create(file, new TimelineInfo("boot", "simulation", 0))) {
      recording.region(new Region(0, "ram", 0x1000, Region.NO_GPA, PAGES, Backing.ANON, 0, false));
      recording.actor(new Actor(0, ActorKind.VCPU, "v0", 1, 0));
      EventDraft draft = new EventDraft();
      for (int page = PAGES - 1; page >= 0; page--) {
        recording.append(draft.of(EventKind.TOUCH, 0).actor(0).pages(0, page, 1));
      }
      recording.complete();
      RecordedAccesses accesses = RecordedAccesses.of(recording.timeline());
      return name -> name.equals("boot") ? accesses : Recordings.NONE.accesses(name);
    }
  }
}
