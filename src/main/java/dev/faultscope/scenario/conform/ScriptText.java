package dev.faultscope.scenario.conform;

import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import java.util.ArrayList;
import java.util.List;

/**
 * A script as text, a line a step.
 *
 * @param sections everything before {@code steps}, with its last line break
 * @param steps each a YAML mapping in braces, without {@code expect}
 */
public record ScriptText(String sections, List<String> steps) {
  public ScriptText {
    steps = List.copyOf(steps);
  }

  /**
   * {@return the script}
   *
   * @throws dev.faultscope.scenario.ScenarioException if it is none
   */
  public Scenario parse() {
    return ScenarioParser.parse(yaml(steps));
  }

  /** {@return the file with other steps} */
  String yaml(List<String> others) {
    StringBuilder text = new StringBuilder(sections).append("steps:");
    if (others.isEmpty()) {
      return text.append(" []\n").toString();
    }
    text.append('\n');
    others.forEach(step -> text.append("  - ").append(step).append('\n'));
    return text.toString();
  }

  /** {@return this script without the steps from one to before another} */
  ScriptText without(int from, int to) {
    List<String> left = new ArrayList<>(steps.subList(0, from));
    left.addAll(steps.subList(to, steps.size()));
    return new ScriptText(sections, left);
  }

  /** {@return its first steps} */
  ScriptText first(int count) {
    return new ScriptText(sections, steps.subList(0, count));
  }

  /** {@return this script with other sections} */
  ScriptText with(String others) {
    return new ScriptText(others, steps);
  }
}
