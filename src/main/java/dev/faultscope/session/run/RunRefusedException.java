package dev.faultscope.session.run;

/** A run does not do what was asked, and nothing changed. The message says why and what to do. */
public final class RunRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why something was refused. */
  public enum Reason {
    /** What was asked makes no sense here. */
    BAD_COMMAND,
    /** Too much is under way. */
    BUSY,
    /** The run is over. */
    ENDED
  }

  private final Reason reason;

  public RunRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
