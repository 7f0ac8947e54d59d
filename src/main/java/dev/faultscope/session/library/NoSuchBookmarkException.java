package dev.faultscope.session.library;

/** A recording has no bookmark of a number, or no longer. */
public final class NoSuchBookmarkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoSuchBookmarkException(int number) {
    super("There is no bookmark " + number + " here any more: somebody may have deleted it.");
  }
}
