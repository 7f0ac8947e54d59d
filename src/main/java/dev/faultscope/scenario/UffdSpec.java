package dev.faultscope.scenario;

import java.util.List;

/**
 * A userfaultfd that exists before the first step.
 *
 * @param name what steps call it
 * @param flags of userfaultfd(2)
 * @param features wanted in UFFDIO_API
 * @param handshake whether UFFDIO_API was done
 * @param registrations whole mappings that it is registered on before the first step
 */
public record UffdSpec(
    String name, long flags, long features, boolean handshake, List<Registration> registrations) {

  public UffdSpec {
    registrations = List.copyOf(registrations);
  }

  /**
   * A mapping that the userfaultfd is registered on.
   *
   * @param pages its size
   * @param modes UFFDIO_REGISTER_MODE_*
   */
  public record Registration(String memory, int pages, long modes) {}
}
