package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.scenario.Report;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.simulation.kernel.KernelInvariants;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
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
  private static final Path SCRIPTS = Path.of("src/test/resources/conformance");

  /** The cases of the suite, by family: how many there are, and which of them no script can say. */
  private static final Map<String, Integer> CASES =
      Map.ofEntries(
          Map.entry("A", 9),
          Map.entry("R", 14),
          Map.entry("M", 12),
          Map.entry("N", 17),
          Map.entry("W", 4),
          Map.entry("P", 6),
          Map.entry("S", 7),
          Map.entry("V", 3),
          Map.entry("E", 8),
          Map.entry("K", 6),
          Map.entry("G", 8),
          Map.entry("D", 9));

  /** D6 measures time, which a script has none of: {@link GalleryClaimsTest} does. */
  private static final Set<String> WITHOUT_SCRIPT = Set.of("D6");

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

  @TempDir Path folder;

  @Test
  void everyCaseHasAScript() throws IOException {
    List<String> scripts =
        scripts().map(file -> file.getFileName().toString().replace(".yaml", "")).toList();
    List<String> wanted = new ArrayList<>();
    CASES.forEach(
        (family, count) -> IntStream.rangeClosed(1, count).forEach(n -> wanted.add(family + n)));
    wanted.removeAll(WITHOUT_SCRIPT);

    assertThat(wanted)
        .allSatisfy(
            id ->
                assertThat(scripts)
                    .anyMatch(script -> script.equals(id) || script.startsWith(id + "-")));
    assertThat(scripts)
        .containsAll(
            SLOT_TABLE_ROWS.stream()
                .flatMap(row -> Stream.of("S", "H", "G").map(slot -> "T13-" + row + "-" + slot))
                .toList());
  }

  static Stream<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void caseHolds(Path script) throws IOException {
    Scenario scenario = ScenarioParser.parse(Files.readString(script));
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
