package dev.faultscope.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.live.engine.LiveEngine;
import dev.faultscope.live.engine.ScriptProcess;
import dev.faultscope.scenario.ConformanceSuite;
import dev.faultscope.scenario.ConformanceSuite.Case;
import dev.faultscope.scenario.Report;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case of the conformance suite that names the live engine, on the kernel of this machine.
 */
@Requires(Requirement.UFFD)
class LiveConformanceTest {
  private static final ScriptProcess MACHINE = new ScriptProcess();

  static List<Path> scripts() throws IOException {
    return ConformanceSuite.scriptsFor(Scenario.LIVE);
  }

  static List<Path> otherScripts() throws IOException {
    List<Path> others = new ArrayList<>(ConformanceSuite.scripts());
    others.removeAll(scripts());
    return others;
  }

  @AfterAll
  static void endTheProcess() {
    MACHINE.close();
  }

  @Test
  void everyCaseOfARealKernelHasAScriptForIt() throws IOException {
    List<Path> scripts = scripts();

    assertThat(ConformanceSuite.cases().stream().filter(Case::real))
        .filteredOn(each -> each.test().isEmpty())
        .hasSizeGreaterThan(80)
        .allSatisfy(each -> assertThat(scripts).as(each.id()).anyMatch(each::isOf));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void caseHoldsOnThisKernel(Path script) throws IOException {
    Scenario scenario = ConformanceSuite.read(script);
    if (scenario.usesKvm()) {
      Requirement.KVM.orSkip(script.getFileName().toString());
    }
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
    Scenario scenario = ConformanceSuite.read(script);
    try (LiveEngine engine = new LiveEngine(MACHINE)) {
      assertThatThrownBy(() -> ScenarioRunner.run(scenario, engine))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching(
              "(?s).*(another kernel|cannot be done on a real kernel|huge pages|only simulated).*");
    }
  }
}
