package dev.faultscope.timeline;

/**
 * What a search looks for. A search asks it in the order of its direction, on its own thread, of
 * every event of the chunks that may match until it has found enough: one that is made for a single
 * search may gather what it is shown. Others are stateless and safe for many threads.
 */
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
