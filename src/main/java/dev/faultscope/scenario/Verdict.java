package dev.faultscope.scenario;

import dev.faultscope.model.Errno;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compares what an engine saw with what steps expect, and keeps the score. */
public final class Verdict {
  private final Engine engine;
  private final BooleanSupplier suspended;
  private final List<Report.Failure> failed = new ArrayList<>();
  private int steps;
  private int passed;
  private int suspensions;

  /**
   * @param engine knows the addresses and thread ids that expectations name
   */
  public Verdict(Engine engine) {
    this(engine, () -> false);
  }

  /**
   * @param engine knows the addresses and thread ids that expectations name
   * @param suspended whether a person has changed the course of things, so that what steps expect
   *     does not apply: they are counted then and not judged
   */
  public Verdict(Engine engine, BooleanSupplier suspended) {
    this.engine = engine;
    this.suspended = suspended;
  }

  /** {@return the score so far} */
  public Report report() {
    return new Report(steps, passed, failed, suspensions);
  }

  /**
   * Performs a step. An expectation observes and does not act: where no message is expected, one
   * that is there is left for whom it is for.
   *
   * @param engine performs an action
   */
  public static Observation perform(Step step, Function<Action, Observation> engine) {
    boolean awaitsNone =
        step.action() instanceof Action.Read
            && Errno.EAGAIN.name().equals(step.expected().facts().get(Fact.ERRNO));
    if (awaitsNone && step.action() instanceof Action.Read read) {
      Object readable = engine.apply(new Action.Poll(read.uffd())).get(Fact.POLL);
      if ("in".equals(readable)) {
        return Observation.errno(Errno.OK);
      }
    }
    return engine.apply(step.action());
  }

  /** Counts a step that could not be performed as an expectation that failed. */
  public void impossible(Step step, String why) {
    steps++;
    if (isSuspended(step)) {
      return;
    }
    failed.add(new Report.Failure(step.line(), step.text(), "a step that can be performed", why));
  }

  /** Judges a step that was performed. */
  public void check(Step step, Observation seen) {
    steps++;
    if (isSuspended(step)) {
      return;
    }
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

  private boolean isSuspended(Step step) {
    if (!suspended.getAsBoolean()) {
      return false;
    }
    suspensions += step.expected().isEmpty() ? 0 : 1;
    return true;
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
