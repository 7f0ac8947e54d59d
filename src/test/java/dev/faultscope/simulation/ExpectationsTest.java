package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scenario expects is looked at; it changes nothing of what happens. */
class ExpectationsTest {
  @TempDir Path folder;

  @Test
  void handAtWorkSuspendsThemAndTheyTakeNoMessage() throws IOException {
    run(
        restore(),
        simulation -> {
          simulation.manual(true);
          Runs.toTheEnd(simulation);

          RunReport held = simulation.report();
          assertThat(simulation.waiting()).isNotEmpty().noneMatch(fault -> fault.read());
          assertThat(held.messages()).isZero();
          assertThat(held.expectations()).isEqualTo(new RunReport.Expectations(0, List.of(), 3));

          simulation.manual(false);
          Runs.toTheEnd(simulation);
          assertThat(simulation.waiting()).isEmpty();
          assertThat(simulation.report().faults().missing()).isGreaterThan(1000);
        });
  }

  @Test
  void whoLeftEverythingAsItWasIsJudged() throws IOException {
    run(
        restore(),
        simulation -> {
          simulation.manual(true);
          simulation.manual(false);
          Runs.toTheEnd(simulation);

          assertThat(simulation.report().expectations())
              .isEqualTo(new RunReport.Expectations(3, List.of(), 0));
        });
  }

  @Test
  void messageThatShouldNotBeThereFailsAndIsLeft() throws IOException {
    run(
        """
        title: A message where none is expected
        memory: {m: {backing: anon, pages: 2}}
        uffds: {u: {register: {m: [MISSING]}}}
        threads: [t]
        steps:
          - {touch: {thread: t, at: m}, expect: blocked}
          - {message: u, expect: none}
          - {message: u, expect: {at: m}}
        """,
        simulation -> {
          Runs.toTheEnd(simulation);

          RunReport report = simulation.report();
          assertThat(report.expectations().failed())
              .extracting(
                  RunReport.Failed::line, RunReport.Failed::expected, RunReport.Failed::actual)
              .containsExactly(tuple(7, "errno EAGAIN", "OK"));
          assertThat(report.messages()).isEqualTo(1);
          assertThat(report.ioctls()).doesNotContainKey(UffdIoctl.COPY.name());
        });
  }

  private static String restore() throws IOException {
    return Files.readString(Path.of("sample-scenarios/snapshot-restore.yaml"));
  }

  private void run(String text, Consumer<Simulation> body) throws IOException {
    new Runs(folder).run(text, SimulationOptions.NONE, body);
  }
}
