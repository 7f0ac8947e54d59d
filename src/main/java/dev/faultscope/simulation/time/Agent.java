package dev.faultscope.simulation.time;

/** Somebody who acts at moments: at most one of them is on the {@link EventQueue} at a time. */
public abstract class Agent {
  static final int NOT_SCHEDULED = -1;

  long at;
  long order;
  int slot = NOT_SCHEDULED;

  /** {@return whether it is on an events} */
  public final boolean isScheduled() {
    return slot != NOT_SCHEDULED;
  }

  /** Its moment has come; it is off the events and may put itself back. */
  public abstract void act();
}
