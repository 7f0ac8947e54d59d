package dev.faultscope.web;

/** An address names no recording of this program. */
final class NoSuchRecordingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoSuchRecordingException() {
    super("There is no such recording; it may have been forgotten.");
  }
}
