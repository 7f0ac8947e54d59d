package dev.faultscope.session.run;

import dev.faultscope.simulation.Intervention;
import java.util.List;

/**
 * What a person did to a simulation, and when: a fork does it again.
 *
 * @param upTo the moment up to which it is to be done again
 */
record InputLog(List<Input> inputs, long upTo) {
  /** Of a run that is started afresh. */
  static final InputLog NONE = new InputLog(List.of(), 0);

  InputLog {
    inputs = List.copyOf(inputs);
  }

  /** One thing that was done. */
  sealed interface Input {
    /** {@return how many steps the simulation had done before} */
    long step();
  }

  record Intervened(long step, Intervention intervention) implements Input {}

  record TookOver(long step, boolean manual) implements Input {}
}
