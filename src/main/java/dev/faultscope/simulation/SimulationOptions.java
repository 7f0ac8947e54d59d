package dev.faultscope.simulation;

import dev.faultscope.policy.PolicySpec;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.workload.Recordings;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a scenario is run where that differs from what it says. Other values are set when it is read:
 * {@link dev.faultscope.scenario.ScenarioParser#parse(String, java.util.Map)}.
 *
 * @param seed instead of the scenario's
 * @param policy instead of every handler's, null for theirs
 * @param recordings finds the recordings that workloads and policies name
 */
public record SimulationOptions(
    OptionalLong seed, @Nullable PolicySpec policy, Recordings recordings) {
  public static final SimulationOptions NONE =
      new SimulationOptions(OptionalLong.empty(), null, Recordings.NONE);

  public SimulationOptions withSeed(long number) {
    return new SimulationOptions(OptionalLong.of(number), policy, recordings);
  }

  public SimulationOptions withPolicy(PolicySpec other) {
    return new SimulationOptions(seed, other, recordings);
  }

  public SimulationOptions withRecordings(Recordings others) {
    return new SimulationOptions(seed, policy, others);
  }

  long seedOf(Scenario scenario) {
    return seed.orElse(scenario.seed());
  }

  Scenario applyTo(Scenario scenario) {
    return policy == null ? scenario : scenario.with(policy);
  }
}
