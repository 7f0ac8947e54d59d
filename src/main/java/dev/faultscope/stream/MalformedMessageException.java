package dev.faultscope.stream;

/** A client message that is none; the message says why, for whoever writes the client. */
final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String message) {
    super(message);
  }

  String reason() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
