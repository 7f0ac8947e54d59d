package dev.faultscope.scenario;

import dev.faultscope.policy.PolicySpec;
import java.util.List;

/**
 * A handler: who answers the faults of a userfaultfd.
 *
 * @param name what it is called
 * @param uffd the userfaultfd that it reads
 * @param policy what it answers
 * @param readers threads that read, each named {@code name-0}, {@code name-1} … where there are
 *     several
 * @param messages most messages of one read(2)
 * @param spins whether its threads poll all the time instead of sleeping
 * @param source where it gets pages from
 * @param memory what it fills
 */
public record HandlerSpec(
    String name,
    String uffd,
    PolicySpec policy,
    int readers,
    int messages,
    boolean spins,
    SourceSpec source,
    List<Part> memory) {
  /** Most readers of one handler. */
  public static final int MAX_READERS = 512;

  /**
   * Part of a mapping.
   *
   * @param first its first page
   * @param pages its size
   * @param modes UFFDIO_REGISTER_MODE_* that its userfaultfd has on it at the start, 0 for none
   */
  public record Part(String memory, int first, int pages, long modes) {}

  public HandlerSpec {
    memory = List.copyOf(memory);
  }

  /** {@return whether it fills some of a mapping} */
  public boolean serves(String mapping) {
    return memory.stream().anyMatch(part -> part.memory().equals(mapping));
  }

  /** {@return the same handler with another policy} */
  public HandlerSpec with(PolicySpec other) {
    return new HandlerSpec(name, uffd, other, readers, messages, spins, source, memory);
  }
}
