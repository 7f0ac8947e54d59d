package dev.faultscope.scenario;

/** A scenario that cannot be read: what is wrong and where. */
public final class ScenarioException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;
  private final String problem;

  /**
   * @param line from 1
   * @param column from 1
   */
  public ScenarioException(int line, int column, String problem) {
    super("line " + line + ", column " + column + ": " + problem);
    this.line = line;
    this.column = column;
    this.problem = problem;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }

  /**
   * {@return one about values set from outside the text, which has no place for it but its start}
   */
  static ScenarioException ofSet(String what, ScenarioException wrong) {
    return new ScenarioException("set " + what + ": " + wrong.problem());
  }

  private ScenarioException(String problem) {
    super(problem);
    line = 1;
    column = 1;
    this.problem = problem;
  }

  /** {@return the message without the position} */
  public String problem() {
    return problem;
  }
}
