package dev.faultscope.scenario;

import java.util.List;

/**
 * What became of a script's expectations.
 *
 * @param steps steps performed
 * @param passed expectations that held
 * @param failed those that did not
 * @param suspended steps whose expectations were not judged, since a person had changed the course
 *     of things
 */
public record Report(int steps, int passed, List<Failure> failed, int suspended) {
  public Report {
    failed = List.copyOf(failed);
  }

  /**
   * An expectation that did not hold.
   *
   * @param line where it is written
   * @param step the step's action
   */
  public record Failure(int line, String step, String expected, String actual) {
    @Override
    public String toString() {
      return "line " + line + " (" + step + "): expected " + expected + ", was " + actual;
    }
  }
}
