package dev.faultscope.scenario.conform;

import dev.faultscope.scenario.ScenarioException;
import java.util.Optional;
import java.util.function.Function;

/** Takes steps out of a script while it still shows a difference: delta debugging. */
final class Shrinker {
  private static final int MOST_TRIALS = 3_000;

  private final Function<ScriptText, Optional<Divergence>> compare;
  private int trials;

  Shrinker(Function<ScriptText, Optional<Divergence>> compare) {
    this.compare = compare;
  }

  /** {@return the difference that a script as small as could be found shows} */
  Divergence shrink(ScriptText script, Divergence found) {
    ScriptText smallest = script.first(found.index() + 1);
    Divergence shown = found;
    int chunk = Math.max(1, smallest.steps().size() / 2);
    while (chunk >= 1 && trials < MOST_TRIALS) {
      boolean shrunk = false;
      for (int from = 0; from < smallest.steps().size() && trials < MOST_TRIALS; ) {
        ScriptText smaller =
            smallest.without(from, Math.min(from + chunk, smallest.steps().size()));
        Optional<Divergence> still = trial(smaller);
        if (still.isPresent()) {
          shown = still.get();
          smallest = smaller.first(shown.index() + 1);
          shrunk = true;
        } else {
          from += chunk;
        }
      }
      if (!shrunk) {
        chunk /= 2;
      }
    }
    return withoutWhatIsNotUsed(smallest, shown);
  }

  /** Takes lines of the sections away, names in lists and mappings of memory among them. */
  private Divergence withoutWhatIsNotUsed(ScriptText script, Divergence found) {
    Divergence shown = found;
    String sections = script.sections();
    for (String line : script.sections().lines().toList()) {
      String left = sections.replace(line + "\n", "");
      Optional<Divergence> still = trial(script.with(left));
      if (still.isPresent()) {
        sections = left;
        shown = still.get();
      }
    }
    return shown;
  }

  private Optional<Divergence> trial(ScriptText script) {
    trials++;
    try {
      return compare.apply(script);
    } catch (ScenarioException | IllegalStateException notAScript) {
      return Optional.empty();
    }
  }
}
