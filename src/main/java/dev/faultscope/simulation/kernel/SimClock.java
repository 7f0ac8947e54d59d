package dev.faultscope.simulation.kernel;

/** The simulation's only time. */
public final class SimClock {
  private long nowNs;

  public long nowNs() {
    return nowNs;
  }

  /** Moves on; time never goes back. */
  public void advanceTo(long ns) {
    if (ns > nowNs) {
      nowNs = ns;
    }
  }

  public void advance(long ns) {
    nowNs += ns;
  }
}
