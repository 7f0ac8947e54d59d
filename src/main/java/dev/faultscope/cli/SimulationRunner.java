package dev.faultscope.cli;

import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.simulation.kernel.Interruption;
import dev.faultscope.timeline.Recorder;

/** Runs scenarios on the simulated kernel. */
final class SimulationRunner implements EngineRunner {
  @Override
  public String name() {
    return Scenario.SIMULATION;
  }

  @Override
  public RunReport run(Request request, Recorder recorder) {
    SimulationOptions options =
        new SimulationOptions(
            request.seed(), request.policy(), request.recordings(), Interruption.NEVER);
    Simulation simulation;
    try {
      simulation = Simulation.start(request.scenario(), options, recorder);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new UnfitScenarioException(String.valueOf(e.getMessage()));
    }
    while (simulation.advance()) {
      // one thing after the other, until nothing happens any more
    }
    return simulation.report();
  }
}
