package dev.faultscope.timeline;

/** What a search looks for. Stateless; safe for many threads. */
public interface EventPredicate {
  /** {@return whether the answer depends on the fault queue or on how long an actor slept} */
  default boolean needsQueue() {
    return false;
  }

  /** {@return false only where no event of the chunk can satisfy it} */
  default boolean mayMatch(ChunkSummary chunk) {
    return true;
  }

  /** {@return whether an event satisfies it} */
  boolean test(EventView event);
}
