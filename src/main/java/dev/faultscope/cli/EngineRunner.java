package dev.faultscope.cli;

import dev.faultscope.policy.PolicySpec;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.workload.Recordings;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An engine that {@code run} can run a scenario on; all of them are in {@link EngineRunners}. */
interface EngineRunner {
  /**
   * What is to be run.
   *
   * @param seed instead of the scenario's
   * @param policy instead of every handler's, null for theirs
   * @param recordings finds the recordings that the scenario names
   */
  record Request(
      Scenario scenario, OptionalLong seed, @Nullable PolicySpec policy, Recordings recordings) {}

  /** {@return its name in a scenario's list of engines} */
  String name();

  /**
   * Runs a scenario to its end.
   *
   * @param recorder where the events go
   * @throws UnfitScenarioException if this engine cannot run it
   */
  RunReport run(Request request, Recorder recorder) throws IOException;
}
