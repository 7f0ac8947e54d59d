package dev.faultscope.model;

/**
 * Someone who touches memory or handles faults: one lane.
 *
 * @param index its number in the timeline, from 0, at most {@value #MAX_ACTORS} actors
 * @param kind what it is
 * @param name its name, e.g. a thread's comm
 * @param tid thread id in the source, or -1
 * @param vcpu vCPU number, or -1
 */
public record Actor(int index, ActorKind kind, String name, int tid, int vcpu) {
  /** Most actors of one timeline. */
  public static final int MAX_ACTORS = 16_384;

  public Actor {
    if (index < 0 || index >= MAX_ACTORS) {
      throw new IllegalArgumentException(
          "actor index " + index + " is not in 0.." + (MAX_ACTORS - 1));
    }
  }

  /** {@return how the narrator calls it} */
  public String label() {
    return vcpu >= 0 ? "vCPU " + vcpu : name;
  }
}
