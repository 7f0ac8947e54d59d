package dev.faultscope.session.comparison;

import dev.faultscope.scenario.ScenarioException;

/** A text that is no scenario: what is wrong and where. */
public final class BadScenarioException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;

  BadScenarioException(ScenarioException cause) {
    super(cause.getMessage(), cause);
    line = cause.line();
    column = cause.column();
  }

  /** {@return the line, from 1} */
  public int line() {
    return line;
  }

  /** {@return the column, from 1} */
  public int column() {
    return column;
  }
}
