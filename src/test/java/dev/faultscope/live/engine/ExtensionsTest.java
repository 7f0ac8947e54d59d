package dev.faultscope.live.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.policy.ExamplePolicy;
import dev.faultscope.policy.Policies;
import dev.faultscope.scenario.PolicyParser;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioException;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.session.comparison.PolicyChoice;
import dev.faultscope.settings.Registry;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.UnkeptRecording;
import dev.faultscope.workload.ExampleWorkload;
import dev.faultscope.workload.Recordings;
import dev.faultscope.workload.Workloads;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A policy and a workload that were registered are known everywhere, and run on both engines: the
 * two recipes of CONTRIBUTING.md.
 */
class ExtensionsTest {
  private static final String SCENARIO =
      """
      title: an example
      memory: {ram: {backing: memfd, pages: 64, fill: pattern}}
      uffds: {u: {register: {ram: [MINOR]}}}
      threads: {t: {workload: {kind: backwards, step: 8, accesses: 8}}}
      handlers: {h: {uffd: u, policy: "pages-behind:behind=1"}}
      """;

  @Test
  void areKnownOnlyOnceTheyAreRegistered() {
    assertThatThrownBy(() -> ScenarioParser.parse(SCENARIO))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("backwards");
    try (Registry.Registration _ = Policies.register(ExamplePolicy.TYPE)) {
      assertThat(PolicyParser.parse("{name: pages-behind, behind: 5}").text())
          .isEqualTo("pages-behind:behind=5");
      assertThat(PolicyChoice.all()).extracting(PolicyChoice::name).contains("pages-behind");
      assertThatThrownBy(() -> PolicyParser.parse("{name: pages-behind, behind: 65}"))
          .hasMessageContaining("0 to 64");
    }
  }

  @Test
  void runOnTheSimulatedKernel() {
    try (Registry.Registration _ = Policies.register(ExamplePolicy.TYPE);
        Registry.Registration _ = Workloads.register(ExampleWorkload.TYPE)) {
      Scenario scenario = ScenarioParser.parse(SCENARIO);
      Simulation simulation =
          Simulation.start(scenario, SimulationOptions.NONE, new UnkeptRecording());
      while (simulation.advance()) {
        // to the end
      }
      check(simulation.report());
    }
  }

  @Test
  @Requires(Requirement.UFFD)
  void runOnARealKernel() throws IOException {
    try (Registry.Registration _ = Policies.register(ExamplePolicy.TYPE);
        Registry.Registration _ = Workloads.register(ExampleWorkload.TYPE)) {
      check(
          WorkloadRun.run(
              ScenarioParser.parse(SCENARIO), 1, Recordings.NONE, new NoRecorder(), () -> false));
    }
  }

  /** Pages 63, 55, 47 and so on down to 7 fault; only behind the last of all there is none. */
  private static void check(RunReport report) {
    assertThat(report.messages()).isEqualTo(8);
    assertThat(report.ioctls()).containsEntry("CONTINUE", Map.of("ok", 8L));
  }
}
