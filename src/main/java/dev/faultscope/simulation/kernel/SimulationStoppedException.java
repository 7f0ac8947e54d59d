package dev.faultscope.simulation.kernel;

/**
 * What is simulated was broken off from outside, perhaps in the middle of a system call: nothing
 * may be asked of it any more but what it recorded.
 */
public final class SimulationStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SimulationStoppedException() {
    super("it was stopped from outside");
  }
}
