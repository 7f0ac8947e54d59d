package dev.faultscope.session.comparison;

import dev.faultscope.live.engine.LiveEngine;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.PolicyParser;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioException;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.session.scenario.BadScenarioException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be compared.
 *
 * @param policies by the text that names them, in the order asked for
 * @param seeds each policy runs once with each
 * @param engines where: {@code simulation}, {@code live} or both
 */
public record ComparisonRequest(
    Scenario scenario, Map<String, PolicySpec> policies, List<Long> seeds, List<String> engines) {
  private static final List<String> ENGINES = List.of(Scenario.SIMULATION, Scenario.LIVE);

  /**
   * {@return a request}
   *
   * @param text of the scenario
   * @param policies each as {@code batch} or <code>{name: batch, after: 31}</code>; twice the same
   *     counts once
   * @param seeds empty: the scenario's own
   * @param engines names of engines; empty: the simulation
   * @param set values of the scenario to set, by path
   * @throws BadScenarioException if the text is no scenario, with line and column
   * @throws IllegalArgumentException if it cannot be compared, or is too much; the message says
   *     what
   */
  public static ComparisonRequest of(
      String text,
      List<String> policies,
      List<Long> seeds,
      List<String> engines,
      Map<String, String> set,
      ComparisonLimits limits) {
    Scenario scenario = scenario(text, set);
    List<String> where =
        engines.isEmpty()
            ? List.of(Scenario.SIMULATION)
            : engines.stream().map(String::strip).distinct().toList();
    where.forEach(engine -> check(engine, scenario));
    if (scenario.handlers().isEmpty()) {
      throw new IllegalArgumentException(
          "the scenario has no handler, so there is no policy to compare: add one under handlers");
    }
    if (scenario.workloads().isEmpty()) {
      throw new IllegalArgumentException(
          "no thread or vCPU of the scenario has a workload, so nobody waits for a handler: give"
              + " one of them a workload");
    }
    long pages = scenario.memory().stream().mapToLong(MemorySpec::pages).sum();
    if (pages > limits.pages()) {
      throw new IllegalArgumentException(
          "all memory together has " + pages + " pages, must be at most " + limits.pages());
    }
    List<Long> distinct = seeds.isEmpty() ? List.of(scenario.seed()) : distinct(seeds);
    Map<String, PolicySpec> specs = new LinkedHashMap<>();
    policies.forEach(each -> specs.put(each.strip(), policy(each.strip())));
    require("policies", specs.size(), limits.policies());
    require("seeds", distinct.size(), limits.seeds());
    return new ComparisonRequest(scenario, specs, distinct, where);
  }

  private static void check(String engine, Scenario scenario) {
    if (!ENGINES.contains(engine)) {
      throw new IllegalArgumentException(
          "engine \"" + engine + "\" is none of " + String.join(", ", ENGINES));
    }
    if (!scenario.engines().contains(engine)) {
      throw new IllegalArgumentException(
          "the scenario does not run on engine %s: add it to its engines, or leave it away"
              .formatted(engine));
    }
    if (engine.equals(Scenario.LIVE)) {
      LiveEngine.whyUnavailable()
          .ifPresent(
              why -> {
                throw new IllegalArgumentException("engine live is not on this machine: " + why);
              });
    }
  }

  private static Scenario scenario(String text, Map<String, String> set) {
    try {
      return ScenarioParser.parse(text, set);
    } catch (ScenarioException e) {
      throw new BadScenarioException(e);
    }
  }

  private static List<Long> distinct(List<Long> seeds) {
    return seeds.stream().distinct().toList();
  }

  private static PolicySpec policy(String text) {
    try {
      return PolicyParser.parse(text);
    } catch (ScenarioException e) {
      throw new IllegalArgumentException("policy \"" + text + "\": " + e.problem());
    }
  }

  private static void require(String what, int count, int most) {
    if (count < 1 || count > most) {
      throw new IllegalArgumentException(
          count + " " + what + " were asked for, must be 1 to " + most);
    }
  }

  /** {@return how many runs it takes} */
  public int runs() {
    return policies.size() * seeds.size() * engines.size();
  }
}
