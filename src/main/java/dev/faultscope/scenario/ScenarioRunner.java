package dev.faultscope.scenario;

import static dev.faultscope.model.Region.PAGE_BYTES;

/** Plays a script on an engine and compares what is seen with what is expected. */
public final class ScenarioRunner {
  /** Told after every step, for example to check invariants. */
  @FunctionalInterface
  public interface StepListener {
    void performed(Step step);
  }

  private final Scenario scenario;
  private final Engine engine;
  private final StepListener listener;
  private final Verdict verdict;

  private ScenarioRunner(Scenario scenario, Engine engine, StepListener listener) {
    this.scenario = scenario;
    this.engine = engine;
    this.listener = listener;
    verdict = new Verdict(engine);
  }

  public static Report run(Scenario scenario, Engine engine) {
    return run(scenario, engine, step -> {});
  }

  public static Report run(Scenario scenario, Engine engine, StepListener listener) {
    return new ScenarioRunner(scenario, engine, listener).run();
  }

  private Report run() {
    engine.prepare(scenario);
    register(scenario, engine);
    for (Step step : scenario.steps()) {
      Observation seen = Verdict.perform(step, engine::perform);
      verdict.check(step, seen);
      listener.performed(step);
    }
    return verdict.report();
  }

  /**
   * Makes the registrations that a scenario has from the start.
   *
   * @throws IllegalStateException if the kernel refuses one
   */
  public static void register(Scenario scenario, Engine engine) {
    for (UffdSpec uffd : scenario.uffds()) {
      for (UffdSpec.Registration each : uffd.registrations()) {
        Span range =
            new Span(
                new Place(each.memory(), each.first() * PAGE_BYTES), each.pages() * PAGE_BYTES);
        Object errno =
            engine.perform(new Action.Register(uffd.name(), range, each.modes())).get(Fact.ERRNO);
        if (!"OK".equals(errno)) {
          throw new IllegalStateException(
              "userfaultfd %s cannot be registered on %s: %s"
                  .formatted(uffd.name(), each.memory(), errno));
        }
      }
    }
  }
}
