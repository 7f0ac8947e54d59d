package dev.faultscope.simulation.time;

/** A lock that one holds at a time and others get in the order in which they ask. */
public final class SerialLock {
  private long freeNs;
  private long heldNs;

  /** Takes the lock as soon as it is free. {@return when it is let go again} */
  public long hold(long nowNs, long ns) {
    freeNs = Math.max(nowNs, freeNs) + ns;
    heldNs += ns;
    return freeNs;
  }

  /** {@return nanoseconds it was held so far} */
  public long heldNs() {
    return heldNs;
  }
}
