package dev.faultscope.simulation.kernel;

import java.util.function.BooleanSupplier;

/**
 * Lets somebody outside break off what goes through millions of pages: every {@value #STRIDE}
 * pieces of work it asks whether to go on. What is simulated stays the same whoever asks, for after
 * a no there is nothing more of it.
 */
public final class Interruption {
  /** Nobody breaks anything off. */
  public static final BooleanSupplier NEVER = () -> false;

  /** A few milliseconds' work. */
  private static final int STRIDE = 1 << 12;

  private final BooleanSupplier stopped;
  private int worked;

  /**
   * @param stopped whether to stop; asked on the simulation's thread, answered by any
   */
  public Interruption(BooleanSupplier stopped) {
    this.stopped = stopped;
  }

  /**
   * Counts a piece of work: an access, or a page where a loop goes over many.
   *
   * @throws SimulationStoppedException if there is to be no more of it
   */
  public void worked() {
    if ((++worked & (STRIDE - 1)) == 0 && stopped.getAsBoolean()) {
      throw new SimulationStoppedException();
    }
  }
}
