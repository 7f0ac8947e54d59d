package dev.faultscope.scenario.conform;

import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Engine;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.Span;
import dev.faultscope.scenario.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plays one script on two engines, step by step, and compares all that is seen: errno, result
 * field, messages, who is blocked, the bytes that accesses saw.
 *
 * <p>A step of a thread that sleeps is left out on both, an access to what a sleeping madvise(2) is
 * about, and a close while a fork waits for its event: the child to be holds a copy of every
 * descriptor already, so that close(2) lets nobody go, and a model's close is the last one.
 */
final class ScriptComparison {
  private final ScriptText script;
  private final Scenario scenario;
  private final Engine model;
  private final Engine real;
  private final Places modelPlaces;
  private final Places realPlaces;
  private final Names modelNames;
  private final Names realNames;
  private final Map<String, Action.OfThread> doing = new HashMap<>();
  private final Set<String> blocked = new HashSet<>();
  private final Map<String, String> parents = new LinkedHashMap<>();
  private final List<String> played = new ArrayList<>();
  private boolean bytesRace;
  private boolean parted;

  private ScriptComparison(ScriptText script, Scenario scenario, Engine model, Engine real) {
    this.script = script;
    this.scenario = scenario;
    this.model = model;
    this.real = real;
    modelPlaces = new Places(model, scenario);
    realPlaces = new Places(real, scenario);
    modelNames = new Names(model, scenario.threads());
    realNames = new Names(real, scenario.threads());
  }

  /**
   * {@return the first difference, empty where there is none}
   *
   * @param model the engine whose word is tried
   * @param real the engine that is right
   * @throws IllegalStateException if an engine cannot play the script
   */
  static Optional<Divergence> of(ScriptText script, Engine model, Engine real) {
    Scenario scenario = script.parse();
    model.prepare(scenario);
    real.prepare(scenario);
    return new ScriptComparison(script, scenario, model, real).play();
  }

  private Optional<Divergence> play() {
    for (int i = 0; i < scenario.steps().size(); i++) {
      Step step = scenario.steps().get(i);
      if (isLeftOut(step.action())) {
        continue;
      }
      Optional<Divergence> difference = perform(step, i);
      if (difference.isPresent() || parted) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private boolean isLeftOut(Action action) {
    if (action instanceof Action.CloseUffd) {
      return blocked.stream().anyMatch(this::isForking);
    }
    if (action instanceof Action.Store store && isBeingZapped(store.range())) {
      return true;
    }
    if (!(action instanceof Action.OfThread of)) {
      return false;
    }
    if (of instanceof Action.Touch touch && isBeingZapped(new Span(touch.at(), 1))) {
      return true;
    }
    if (!isThere(of.thread())) {
      return true;
    }
    return switch (of) {
      case Action.Signal signal ->
          blocked.contains(signal.thread()) && !isUserTouch(doing.get(signal.thread()));
      case Action.Look _ -> false;
      default -> blocked.contains(of.thread());
    };
  }

  /**
   * Whether a sleeping madvise(2) may have taken pages of a range from the page table and not from
   * the TLB: since Linux 6.16 it flushes once at its end, and until then the processor decides who
   * still sees the old page.
   */
  private boolean isBeingZapped(Span range) {
    long from = model.address(range.start());
    return blocked.stream()
        .map(doing::get)
        .filter(Action.Madvise.class::isInstance)
        .map(action -> ((Action.Madvise) action).range())
        .anyMatch(
            advised -> {
              long start = model.address(advised.start());
              return start < from + range.bytes() && from < start + advised.bytes();
            });
  }

  /** Whether a thread is one from the start, or the child of a fork that has returned. */
  private boolean isThere(String thread) {
    String parent = parents.get(thread);
    boolean fromTheStart = scenario.threads().contains(thread);
    return fromTheStart || (parent != null && !isForking(parent));
  }

  private boolean isForking(String parent) {
    return blocked.contains(parent) && doing.get(parent) instanceof Action.Fork;
  }

  private static boolean isUserTouch(Action.@Nullable OfThread action) {
    return action instanceof Action.Touch touch && touch.mode() == Action.Mode.USER;
  }

  private Optional<Divergence> perform(Step step, int index) {
    Action action = step.action();
    if (action instanceof Action.OfThread of && !(action instanceof Action.Signal)) {
      doing.put(of.thread(), of);
    }
    boolean several = blocked.size() > 1;
    Observation byReal = real.perform(action);
    bytesRace |= letsGo(action) && woken() > 1;
    Observation byModel;
    try {
      byModel = model.perform(action);
    } catch (IllegalStateException broken) {
      byModel = Observation.of().word(Fact.STATE, "broken: " + broken.getMessage()).build();
    }
    learn(action);
    if (action instanceof Action.Fork fork) {
      parents.put(fork.child(), fork.thread());
    }
    boolean withValue = action instanceof Action.Touch && !bytesRace;
    ObservedState modelSight = ObservedState.of(byModel, modelPlaces, modelNames, withValue);
    ObservedState realSight = ObservedState.of(byReal, realPlaces, realNames, withValue);
    String text = script.steps().get(index);
    boolean bytesDiffer = bytesRace && action instanceof Action.Pagemap;
    if (!modelSight.equals(realSight) && !bytesDiffer) {
      return Optional.of(difference(text, index, modelSight, realSight));
    }
    played.add(expecting(text, realSight.outcome()));
    return lookAtThreads(index, letsGo(action) && several);
  }

  /**
   * Looks at every thread.
   *
   * @param racing whether several were let go at once: whether one brings a page of a file into the
   *     cache before another looks for it is the scheduler's choice, and where that shows the two
   *     engines have parted
   */
  private Optional<Divergence> lookAtThreads(int index, boolean racing) {
    List<String> all = new ArrayList<>(scenario.threads());
    parents.keySet().stream().filter(this::isThere).forEach(all::add);
    for (String thread : all) {
      Action.Look look = new Action.Look(thread);
      Observation byModel = model.perform(look);
      Observation byReal = real.perform(look);
      boolean withValue = doing.get(thread) instanceof Action.Touch && !bytesRace;
      ObservedState modelSight = ObservedState.of(byModel, modelPlaces, modelNames, withValue);
      ObservedState realSight = ObservedState.of(byReal, realPlaces, realNames, withValue);
      if (!modelSight.equals(realSight) && racing) {
        parted = true;
        return Optional.empty();
      }
      if (!modelSight.equals(realSight)) {
        return Optional.of(difference("{thread: " + thread + "}", index, modelSight, realSight));
      }
      if ("blocked".equals(realSight.facts().get("state"))) {
        blocked.add(thread);
      } else {
        blocked.remove(thread);
      }
    }
    return Optional.empty();
  }

  /**
   * {@return how many threads the last step woke on the real engine}
   *
   * <p>Several that no userfaultfd stops any more run at once: whose byte stays, and whether a read
   * maps its neighbours before a write maps one page, is the scheduler's choice.
   */
  private long woken() {
    return blocked.stream()
        .filter(thread -> !isBlocked(real.perform(new Action.Look(thread))))
        .count();
  }

  private static boolean letsGo(Action action) {
    // A wake too, of those whom UNREGISTER left asleep: it wakes nobody where only MINOR was.
    return action instanceof Action.CloseUffd
        || action instanceof Action.Unregister
        || action instanceof Action.Wake;
  }

  private static boolean isBlocked(Observation observation) {
    return "blocked".equals(observation.facts().get(Fact.STATE));
  }

  private void learn(Action action) {
    if (action instanceof Action.Mremap moved) {
      // Only a call that moved something makes the new name mean a place.
      for (Places places : List.of(modelPlaces, realPlaces)) {
        try {
          places.learn(moved);
          places.of(0);
        } catch (RuntimeException notMoved) {
          places.forget(moved);
        }
      }
    }
  }

  private Divergence difference(
      String step, int index, ObservedState byModel, ObservedState byReal) {
    List<String> steps = new ArrayList<>(played);
    steps.add(expecting(step, byReal.expectation()));
    return new Divergence(
        index, step, byModel.expectation(), byReal.expectation(), script.yaml(steps));
  }

  private static String expecting(String step, String expectation) {
    return expectation.isEmpty()
        ? step
        : step.substring(0, step.length() - 1) + ", expect: " + expectation + "}";
  }
}
