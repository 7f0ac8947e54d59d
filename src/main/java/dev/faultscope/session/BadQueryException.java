package dev.faultscope.session;

import dev.faultscope.timeline.query.QueryException;

/** A predicate that cannot be understood; the message says what was expected. */
public final class BadQueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int position;

  /** What the parser said. */
  public BadQueryException(QueryException why) {
    super(why.getMessage(), why);
    position = why.position();
  }

  /** {@return where in the query, from 0} */
  public int position() {
    return position;
  }
}
