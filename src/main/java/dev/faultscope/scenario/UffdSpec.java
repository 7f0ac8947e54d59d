package dev.faultscope.scenario;

import java.util.List;

/**
 * A userfaultfd that exists before the first step.
 *
 * @param name what steps call it
 * @param group the name of all those that one entry of the file makes, its own where it makes one
 * @param flags of userfaultfd(2)
 * @param features wanted in UFFDIO_API
 * @param handshake whether UFFDIO_API was done
 * @param registrations what it is registered on before the first step
 */
public record UffdSpec(
    String name,
    String group,
    long flags,
    long features,
    boolean handshake,
    List<Registration> registrations) {

  public UffdSpec {
    registrations = List.copyOf(registrations);
  }

  /** {@return whether a message tells it of madvise that takes pages away} */
  public boolean hearsRemoval() {
    return (features & Bits.FEATURES.getOrDefault("EVENT_REMOVE", 0L)) != 0;
  }

  /**
   * A mapping, or part of one, that the userfaultfd is registered on.
   *
   * @param first the part's first page
   * @param pages its size
   * @param modes UFFDIO_REGISTER_MODE_*
   */
  public record Registration(String memory, int first, int pages, long modes) {}
}
