package dev.faultscope.simulation;

import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.KvmAction;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Report;
import dev.faultscope.scenario.Step;
import dev.faultscope.scenario.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plays a script one step at a time. What a step observes of a thread is looked at before the next
 * one, when whatever runs by itself has settled.
 */
final class ScriptPlayer {
  private final SimulatedEngine engine;
  private final List<Step> steps;
  private final Verdict verdict;
  private int next;
  private boolean stormed;
  private @Nullable Step unjudged;

  ScriptPlayer(SimulatedEngine engine, List<Step> steps) {
    this.engine = engine;
    this.steps = steps;
    verdict = new Verdict(engine);
  }

  /** Performs the next step. {@return whether there was one} */
  boolean advance() {
    judge();
    if (next == steps.size()) {
      return false;
    }
    // As between the steps of every engine, who cannot sleep for a signal faults once more first.
    stormed = !stormed && engine.kernel().stormPass();
    if (stormed) {
      return true;
    }
    Step step = steps.get(next++);
    try {
      Observation seen = engine.play(step.action());
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
