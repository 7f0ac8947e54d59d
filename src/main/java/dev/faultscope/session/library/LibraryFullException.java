package dev.faultscope.session.library;

/** As many recordings as may be are open and in use. */
public final class LibraryFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LibraryFullException() {
    super("As many recordings as faultscope.open-sessions allows are open and in use.");
  }
}
