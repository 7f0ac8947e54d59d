package dev.faultscope.timeline.query;

/** A text that is no predicate: where it stops making sense and what was expected there. */
public final class QueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  /**
   * @param position the character, from 0, where the text stops making sense
   * @param message what was expected there, one sentence
   */
  public QueryException(int position, String message) {
    super(message);
    this.position = position;
  }

  /** {@return the character, from 0, where the text stops making sense} */
  public int position() {
    return position;
  }

  /** {@return what was expected and where, counted from 1} */
  public String inWords() {
    return getMessage() + " (at character " + (position + 1) + ")";
  }
}
