package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.simulation.kernel.KernelInvariants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every scenario of the gallery says what to watch, and shows it. */
class GalleryTest {
  private static final Path GALLERY = Path.of("sample-scenarios");

  @TempDir Path folder;

  static Stream<Path> scenarios() throws IOException {
    try (Stream<Path> files = Files.list(GALLERY)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void scenarioTellsInTwoSentencesWhatToWatch(Path file) throws IOException {
    Scenario scenario = ScenarioParser.parse(Files.readString(file));

    assertThat(scenario.title()).isNotBlank().hasSizeLessThanOrEqualTo(72);
    assertThat(scenario.group()).isNotBlank();
    assertThat(scenario.about().strip().split("(?<=[.!?])\\s+")).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void whatTheScenarioExpectsComesTrue(Path file) throws IOException {
    new Runs(folder)
        .run(
            Files.readString(file),
            SimulationOptions.NONE,
            simulation -> {
              Runs.toTheEnd(simulation);
              RunReport report = simulation.report();
              assertThat(report.expectations().failed()).isEmpty();
              assertThat(report.expectations().passed()).isPositive();
              KernelInvariants.check(simulation.kernel(), "at the end");
            });
  }
}
