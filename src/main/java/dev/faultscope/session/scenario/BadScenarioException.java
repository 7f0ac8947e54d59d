package dev.faultscope.session.scenario;

import dev.faultscope.scenario.ScenarioException;

/** A text that is no scenario, or none that can be run here: what is wrong and where. */
public final class BadScenarioException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;
  private final String problem;

  public BadScenarioException(ScenarioException cause) {
    super(cause.getMessage(), cause);
    line = cause.line();
    column = cause.column();
    problem = cause.problem();
  }

  /** {@return the line, from 1} */
  public int line() {
    return line;
  }

  /** {@return the column, from 1} */
  public int column() {
    return column;
  }

  /** {@return the message without the position} */
  public String problem() {
    return problem;
  }
}
