package dev.faultscope.simulation;

import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.KvmAction;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Report;
import dev.faultscope.scenario.Step;
import dev.faultscope.scenario.Verdict;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Plays a script one step at a time, each when whatever runs by itself has settled, or when the
 * time is over that the step before it waits. What a step observes of a thread is looked at before
 * the next one that is no wait.
 */
final class ScriptPlayer {
  /** The next step is performed when nothing else happens any more. */
  private static final long SETTLED = Long.MAX_VALUE;

  private final SimulatedEngine engine;
  private final List<Step> steps;
  private final Scheduler scheduler;
  private final List<Handler> crews;
  private final Verdict verdict;
  private int next;
  private boolean stormed;
  private long waitsUntilNs = SETTLED;
  private @Nullable Step unjudged;

  /**
   * @param suspended whether a person has changed the course of things, so that what the steps
   *     expect does not apply
   */
  ScriptPlayer(
      SimulatedEngine engine,
      List<Step> steps,
      Scheduler scheduler,
      List<Handler> crews,
      BooleanSupplier suspended) {
    this.engine = engine;
    this.steps = steps;
    this.scheduler = scheduler;
    this.crews = crews;
    verdict = new Verdict(engine, suspended);
  }

  /**
   * {@return whether its next step comes before what happens by itself}
   *
   * @param nextNs when that is
   */
  boolean isDue(long nextNs) {
    if (nextNs == Long.MAX_VALUE) {
      return true;
    }
    return next < steps.size()
        && (waitsUntilNs < nextNs || steps.get(next).action() instanceof Action.Wait);
  }

  /** Performs the next step. {@return whether there was one} */
  boolean advance() {
    if (next == steps.size()) {
      judge();
      return false;
    }
    if (steps.get(next).action() instanceof Action.Wait wait) {
      Step step = steps.get(next++);
      long from = waitsUntilNs == SETTLED ? scheduler.nowNs() : waitsUntilNs;
      waitsUntilNs = from + wait.ns();
      verdict.check(step, Observation.errno(Errno.OK));
      return true;
    }
    judge();
    if (waitsUntilNs != SETTLED) {
      scheduler.passTo(waitsUntilNs);
      waitsUntilNs = SETTLED;
    }
    // As between the steps of every engine, who cannot sleep for a signal faults once more first.
    stormed = !stormed && engine.kernel().stormPass();
    if (stormed) {
      return true;
    }
    Step step = steps.get(next++);
    try {
      Observation seen =
          step.action() instanceof Action.Kill kill
              ? kill(kill)
              : Verdict.perform(step, engine::play);
      if (actor(step.action()) == null) {
        verdict.check(step, seen);
      } else {
        unjudged = step;
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      verdict.impossible(step, String.valueOf(e.getMessage()));
    }
    return true;
  }

  private Observation kill(Action.Kill kill) {
    Handler.named(crews, kill.handler()).die();
    return Observation.errno(Errno.OK);
  }

  private void judge() {
    Step step = unjudged;
    String actor = step == null ? null : actor(step.action());
    if (step != null && actor != null) {
      unjudged = null;
      verdict.check(step, engine.look(actor));
    }
  }

  /** {@return the thread or vCPU that an action lets do something, null for other actions} */
  private static @Nullable String actor(Action action) {
    return switch (action) {
      case Action.OfThread step -> step.thread();
      case KvmAction.OfVcpu step -> step.vcpu();
      default -> null;
    };
  }

  /** {@return what became of the expectations of the steps so far} */
  Report report() {
    judge();
    return verdict.report();
  }
}
