package dev.faultscope.cli;

/** The server cannot be started as things are; the message is one sentence with the remedy. */
public final class ServerStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ServerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
