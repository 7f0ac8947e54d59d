package dev.faultscope.scenario;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
  private final List<Report.Failure> failed = new ArrayList<>();
  private int passed;

  private ScenarioRunner(Scenario scenario, Engine engine, StepListener listener) {
    this.scenario = scenario;
    this.engine = engine;
    this.listener = listener;
  }

  public static Report run(Scenario scenario, Engine engine) {
    return run(scenario, engine, step -> {});
  }

  public static Report run(Scenario scenario, Engine engine, StepListener listener) {
    return new ScenarioRunner(scenario, engine, listener).run();
  }

  private Report run() {
    engine.prepare(scenario);
    for (Step step : scenario.steps()) {
      Observation seen = engine.perform(step.action());
      check(step, seen);
      listener.performed(step);
    }
    return new Report(scenario.steps().size(), passed, failed);
  }

  private void check(Step step, Observation seen) {
    Expected expected = step.expected();
    Map<Fact, Object> facts = new EnumMap<>(Fact.class);
    facts.putAll(expected.facts());
    impliedSuccess(step, facts, seen);
    facts.forEach((fact, want) -> compare(step, fact, want, actual(step, fact, seen)));
    List<Map<Fact, Object>> messages = expected.messages();
    if (!messages.isEmpty()) {
      compare(step, Fact.COUNT, (long) messages.size(), (long) seen.messages().size());
      for (int i = 0; i < Math.min(messages.size(), seen.messages().size()); i++) {
        Map<Fact, Object> message = seen.messages().get(i);
        messages.get(i).forEach((fact, want) -> compare(step, fact, want, message.get(fact)));
      }
    }
  }

  /**
   * Where a step says nothing of errno or state it is expected to succeed; a look at a thread
   * expects nothing by itself.
   */
  private static void impliedSuccess(Step step, Map<Fact, Object> facts, Observation seen) {
    if (step.action() instanceof Action.Look || step.action() instanceof Action.Signal) {
      return;
    }
    boolean told = facts.containsKey(Fact.ERRNO) || facts.containsKey(Fact.STATE);
    if (!told && seen.get(Fact.ERRNO) != null) {
      facts.put(Fact.ERRNO, "OK");
    }
    if (!told && seen.get(Fact.STATE) != null) {
      facts.put(Fact.STATE, "done");
    }
  }

  private static @Nullable Object actual(Step step, Fact fact, Observation seen) {
    Object value = seen.get(fact);
    if (fact == Fact.AT_LEAST) {
      return (long) seen.messages().size();
    }
    boolean ofMessage = step.action() instanceof Action.Read read && read.one();
    if (value == null && ofMessage && seen.messages().size() == 1) {
      return seen.messages().getFirst().get(fact);
    }
    return value;
  }

  private void compare(Step step, Fact fact, Object want, @Nullable Object actual) {
    if (matches(fact, want, actual)) {
      passed++;
    } else {
      failed.add(
          new Report.Failure(
              step.expected().line(),
              step.text(),
              fact.key() + " " + text(fact, want),
              actual == null ? "not observed" : text(fact, actual)));
    }
  }

  private boolean matches(Fact fact, Object want, @Nullable Object actual) {
    if (actual == null) {
      return false;
    }
    if (fact == Fact.AT_LEAST) {
      return (Long) actual >= (Long) want;
    }
    if (fact == Fact.TID && actual instanceof Long tid) {
      return want.equals("0") ? tid == 0 : tid == engine.tid((String) want);
    }
    return switch (fact.type()) {
      case MASK -> ((Long) actual & (Long) want) == (Long) want;
      case PLACE -> actual.equals(engine.address((Place) want));
      default -> want.equals(actual);
    };
  }

  private static String text(Fact fact, Object value) {
    boolean hex =
        fact == Fact.IOCTLS || fact == Fact.FEATURES || fact == Fact.AT || fact == Fact.TO;
    return value instanceof Long number && hex
        ? "0x" + Long.toHexString(number)
        : String.valueOf(value);
  }
}
