package dev.faultscope.live.attach;

import java.io.IOException;

/** A peer that did not say, or not in a form we understand, what memory it has. */
public final class HandshakeException extends IOException {
  private static final long serialVersionUID = 1;

  public HandshakeException(String message) {
    super(message);
  }

  public HandshakeException(String message, Throwable cause) {
    super(message, cause);
  }
}
