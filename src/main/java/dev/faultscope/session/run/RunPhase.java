package dev.faultscope.session.run;

/** What a run is doing. */
public enum RunPhase {
  /** It waits for the process whose memory it is about. */
  STARTING,
  /** It goes on by itself. */
  RUNNING,
  /** It stands still until it is told to go on. */
  PAUSED,
  /** Faults wait for a person's hand; in a simulation nothing else can happen then. */
  WAITING,
  /** Nothing happens any more by itself; a hand can still make something happen. */
  DONE,
  /** It met an error; what it recorded stays. */
  FAILED,
  /** It was ended; its recording is whole. */
  ENDED;

  /** {@return whether nothing will come of it any more} */
  public boolean isOver() {
    return this == FAILED || this == ENDED;
  }
}
