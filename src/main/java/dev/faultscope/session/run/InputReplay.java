package dev.faultscope.session.run;

import dev.faultscope.simulation.Simulation;
import java.util.List;

/** Does again what was done to another run, step by step, up to a moment. */
final class InputReplay {
  private final Simulation simulation;
  private final InputLog log;
  private final List<InputLog.Input> inputs;
  private int redone;

  /**
   * @param inputs where what is done again is noted, so that this run can be forked too
   */
  InputReplay(Simulation simulation, InputLog log, List<InputLog.Input> inputs) {
    this.simulation = simulation;
    this.log = log;
    this.inputs = inputs;
  }

  boolean isThere(long seq) {
    return seq >= log.upTo();
  }

  /**
   * Does the next thing that the other run did.
   *
   * @throws IllegalStateException if nothing happens here where something did there
   */
  void step() {
    List<InputLog.Input> again = log.inputs();
    if (redone < again.size() && again.get(redone).step() <= simulation.steps()) {
      InputLog.Input input = again.get(redone++);
      inputs.add(input);
      switch (input) {
        case InputLog.Intervened(long _, var hand) -> simulation.perform(hand);
        case InputLog.TookOver(long _, boolean manual) -> simulation.manual(manual);
      }
    } else if (!simulation.advance()) {
      throw new IllegalStateException(
          "the run cannot be repeated: it ended after " + simulation.steps() + " steps");
    }
  }
}
