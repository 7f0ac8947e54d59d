package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.scenario.ConformanceSuite;
import dev.faultscope.scenario.ConformanceSuite.Case;
import dev.faultscope.scenario.Report;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.simulation.kernel.KernelInvariants;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case of the conformance suite on the simulated kernel, with its invariants checked after
 * each step and its recording read back.
 */
class ConformanceTest {
  /** Which accesses reach a userfaultfd, by slot type. */
  private static final List<String> SLOT_TABLE_ROWS =
      List.of(
          "populated",
          "holes",
          "many",
          "pre-fault",
          "kvmclock",
          "steal-time",
          "wall-clock",
          "mmio-load",
          "mmio-store",
          "movs",
          "outs",
          "translate");

  /** How many cases the list has. */
  private static final int SUITE = 103;

  /** Cases beyond the list: what random sequences found first, and a rule of registering. */
  private static final Set<String> OWN =
      Set.of("R14", "S8", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11");

  @TempDir Path folder;

  @Test
  void everyCaseHasAScriptAndEveryScriptACase() throws IOException {
    List<Path> scripts = ConformanceSuite.scripts();
    List<Case> cases = ConformanceSuite.cases();

    assertThat(cases).hasSize(SUITE);
    assertThat(cases.stream().filter(Case::simulated))
        .allSatisfy(each -> assertThat(scripts).as(each.id()).anyMatch(each::isOf));
    List<String> table =
        SLOT_TABLE_ROWS.stream()
            .flatMap(row -> Stream.of("S", "H", "G").map(slot -> "T13-" + row + "-" + slot))
            .toList();
    assertThat(scripts.stream().map(ConformanceSuite::name)).containsAll(table);
    List<String> known =
        Stream.of(cases.stream().map(Case::id), OWN.stream(), Stream.of("T13"))
            .flatMap(ids -> ids)
            .toList();
    assertThat(scripts)
        .allSatisfy(script -> assertThat(known).contains(ConformanceSuite.caseOf(script)));
  }

  /** Where no script can show a case there is a test that does. */
  @Test
  void everyCaseWithoutAScriptNamesItsTest() throws IOException {
    for (Case each : ConformanceSuite.cases()) {
      if (each.test().isEmpty()) {
        continue;
      }
      String[] test = each.test().split("#");
      assertThat(Path.of("src/test/java", test[0].replace('.', '/') + ".java"))
          .as(each.id())
          .content()
          .contains("void " + test[1] + "(");
    }
  }

  /** Those in which time passes are {@link SimulationTest}'s alone. */
  static Stream<Path> scripts() throws IOException {
    return ConformanceSuite.scripts().stream()
        .filter(script -> !ConformanceSuite.read(script).isTimed());
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void caseHolds(Path script) throws IOException {
    Scenario scenario = ConformanceSuite.read(script);
    assertThat(scenario.engines()).contains(Scenario.SIMULATION);

    TimelineInfo info = new TimelineInfo(scenario.title(), "simulation", 0);
    try (RecordingFile recording = RecordingFile.create(folder.resolve("r.fscope"), info);
        SimulatedEngine engine = new SimulatedEngine(recording)) {
      Report report =
          ScenarioRunner.run(
              scenario,
              engine,
              step -> KernelInvariants.check(engine.kernel(), "after line " + step.line()));

      assertThat(report.failed()).isEmpty();
      assertThat(report.passed()).isPositive();
      queueReadBackIsTheKernels(recording, engine);
    }
  }

  private static void queueReadBackIsTheKernels(RecordingFile recording, SimulatedEngine engine) {
    try (Cursor cursor = recording.timeline().cursor()) {
      cursor.seek(recording.lastSequence());
      Moment moment = cursor.moment();
      assertThat(moment.queue().stream().map(Moment.Entry::actor).sorted().toList())
          .isEqualTo(KernelInvariants.sleepers(engine.kernel()));
      assertThat(moment.count(Moment.Phase.PENDING))
          .isEqualTo(KernelInvariants.unread(engine.kernel()));
    }
  }
}
