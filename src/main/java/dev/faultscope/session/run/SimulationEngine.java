package dev.faultscope.session.run;

import dev.faultscope.scenario.Scenario;
import dev.faultscope.simulation.SimulationOptions;
import java.util.Optional;

/** Scenarios on the simulated kernel. */
public final class SimulationEngine implements ScenarioEngine {
  @Override
  public String name() {
    return Scenario.SIMULATION;
  }

  @Override
  public Optional<String> whyNot(Scenario scenario) {
    return scenario.engines().contains(name())
        ? Optional.empty()
        : Optional.of("it says that it runs on " + String.join(", ", scenario.engines()) + " only");
  }

  @Override
  public Run start(
      Scenario scenario, SimulationOptions options, RecordingSink sink, boolean paused) {
    try {
      return SimulationRun.start(scenario, options, sink, !paused);
    } catch (IllegalStateException refused) {
      // The simulated kernel refuses what the scenario begins with.
      throw new IllegalArgumentException(String.valueOf(refused.getMessage()), refused);
    }
  }
}
