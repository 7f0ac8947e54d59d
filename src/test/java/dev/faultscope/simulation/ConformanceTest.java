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
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case of the conformance suite on the simulated kernel, with its invariants checked after
 * each step and its recording read back.
 */
class ConformanceTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/conformance");

  @TempDir Path folder;

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
