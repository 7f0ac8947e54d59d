package dev.faultscope.simulation;

import dev.faultscope.policy.PolicySpec;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.simulation.kernel.Interruption;
import dev.faultscope.workload.Recordings;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a scenario is run where that differs from what it says. Other values are set when it is read:
 * {@link dev.faultscope.scenario.ScenarioParser#parse(String, java.util.Map)}.
 *
 * @param seed instead of the scenario's
 * @param policy instead of every handler's, null for theirs
 * @param recordings finds the recordings that workloads and policies name
 * @param stopped whether to break it off, asked all along; true ends it with {@link
 *     dev.faultscope.simulation.kernel.SimulationStoppedException}
 */
public record SimulationOptions(
    OptionalLong seed,
    @Nullable PolicySpec policy,
    Recordings recordings,
    BooleanSupplier stopped) {
  public static final SimulationOptions NONE =
      new SimulationOptions(OptionalLong.empty(), null, Recordings.NONE, Interruption.NEVER);

  public SimulationOptions withSeed(long number) {
    return new SimulationOptions(OptionalLong.of(number), policy, recordings, stopped);
  }

  public SimulationOptions withPolicy(PolicySpec other) {
    return new SimulationOptions(seed, other, recordings, stopped);
  }

  public SimulationOptions withRecordings(Recordings others) {
    return new SimulationOptions(seed, policy, others, stopped);
  }

  public SimulationOptions stoppedBy(BooleanSupplier other) {
    return new SimulationOptions(seed, policy, recordings, other);
  }

  /** {@return the seed of a run of it} */
  public long seedOf(Scenario scenario) {
    return seed.orElse(scenario.seed());
  }

  /** {@return what is run of it} */
  public Scenario applyTo(Scenario scenario) {
    return policy == null ? scenario : scenario.with(policy);
  }
}
