package dev.faultscope.session.run;

import dev.faultscope.scenario.Scenario;
import dev.faultscope.simulation.SimulationOptions;
import java.io.IOException;
import java.util.Optional;

/** A kind of kernel that scenarios run on. Safe for many threads. */
public interface ScenarioEngine {
  /** {@return its name: {@link Scenario#SIMULATION} or {@link Scenario#LIVE}} */
  String name();

  /** {@return why a scenario cannot be run and taken in hand here; empty where it can} */
  Optional<String> whyNot(Scenario scenario);

  /**
   * Starts a scenario.
   *
   * @param sink where it writes; ended by the run, but not where this throws
   * @param paused whether it waits for a command at its start
   * @throws IllegalArgumentException if the scenario asks for what cannot be
   * @throws IOException if this machine cannot
   */
  Run start(Scenario scenario, SimulationOptions options, RecordingSink sink, boolean paused)
      throws IOException;
}
