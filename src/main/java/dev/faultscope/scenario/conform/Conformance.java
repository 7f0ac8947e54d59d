package dev.faultscope.scenario.conform;

import dev.faultscope.scenario.Engine;
import java.util.Optional;
import java.util.function.Supplier;

/** Tries an engine's word with random scripts against one that is right. */
public final class Conformance {
  private final Supplier<? extends Engine> model;
  private final Supplier<? extends Engine> real;

  /**
   * Tries an engine.
   *
   * @param model makes the engine under trial, anew for every script
   * @param real makes the engine that is right
   */
  public Conformance(Supplier<? extends Engine> model, Supplier<? extends Engine> real) {
    this.model = model;
    this.real = real;
  }

  /**
   * {@return the difference that the script of a seed shows, in the smallest script found; empty
   * where there is none}
   *
   * @throws IllegalStateException if an engine cannot play scripts
   */
  public Optional<Divergence> tryOne(long seed) {
    ScriptText script = RandomScripts.of(seed);
    return compare(script).map(found -> new Shrinker(this::compare).shrink(script, found));
  }

  private Optional<Divergence> compare(ScriptText script) {
    try (Engine one = model.get();
        Engine other = real.get()) {
      return ScriptComparison.of(script, one, other);
    }
  }
}
