package dev.faultscope.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.live.engine.LiveEngine;
import dev.faultscope.live.engine.Machine;
import dev.faultscope.scenario.Report;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case of the conformance suite that names the live engine, on the kernel of this machine.
 */
@Requires(Requirement.UFFD)
class LiveConformanceTest {
  private static final Path SCRIPTS = Path.of("src/test/resources/conformance");
  private static final Machine MACHINE = new Machine();

  static Stream<Path> scripts() throws IOException {
    return scripts(true);
  }

  static Stream<Path> otherScripts() throws IOException {
    return scripts(false);
  }

  private static Stream<Path> scripts(boolean live) throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> isForLive(file) == live)
          .sorted()
          .toList()
          .stream();
    }
  }

  private static boolean isForLive(Path script) {
    try {
      return ScenarioParser.parse(Files.readString(script)).engines().contains(Scenario.LIVE);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @AfterAll
  static void endTheProcess() {
    MACHINE.close();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void caseHoldsOnThisKernel(Path script) throws IOException {
    Scenario scenario = ScenarioParser.parse(Files.readString(script));
    try (LiveEngine engine = new LiveEngine(MACHINE)) {
      Report report = ScenarioRunner.run(scenario, engine);

      assertThat(report.failed()).isEmpty();
      assertThat(report.passed()).isPositive();
    }
  }

  /** No case that could run here is left out: whatever is not marked for it is refused with why. */
  @ParameterizedTest
  @MethodSource("otherScripts")
  void everyOtherCaseSaysWhyNotHere(Path script) throws IOException {
    Scenario scenario = ScenarioParser.parse(Files.readString(script));
    try (LiveEngine engine = new LiveEngine(MACHINE)) {
      assertThatThrownBy(() -> ScenarioRunner.run(scenario, engine))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching(
              "(?s).*(another kernel|cannot be done on a real kernel|huge pages|only simulated).*");
    }
  }
}
