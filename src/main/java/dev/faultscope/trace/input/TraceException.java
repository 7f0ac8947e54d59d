package dev.faultscope.trace.input;

/** A recording that cannot be read. The message is one sentence a person can act on. */
public final class TraceException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong, where, and what to do. */
  public TraceException(String message) {
    super(message);
  }

  /** What is wrong, where, and what to do, with what led to it. */
  public TraceException(String message, Throwable cause) {
    super(message, cause);
  }
}
