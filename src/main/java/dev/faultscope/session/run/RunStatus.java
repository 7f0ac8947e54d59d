package dev.faultscope.session.run;

import dev.faultscope.scenario.RunReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run stands.
 *
 * @param revision counts changes, so that of two the newer can be told
 * @param engine {@code simulation} or {@code live}
 * @param seed of its random numbers
 * @param manual whether handlers wait for a hand
 * @param policy what its handlers do by themselves, in words; empty for a script
 * @param hold the predicate that holds, null for none
 * @param steps how much has happened, in the engine's own steps
 * @param canFork whether another run can take the same way up to a moment
 * @param message what a person should know, null for nothing
 * @param waiting faults that wait, oldest first, at most {@value #MAX_WAITING}
 * @param waitingCount how many wait in all
 * @param uffds names of the userfaultfds
 * @param injections what can be injected
 * @param report what it came to so far
 */
public record RunStatus(
    long revision,
    String engine,
    long seed,
    RunPhase phase,
    boolean manual,
    String policy,
    @Nullable String hold,
    long steps,
    boolean canFork,
    @Nullable String message,
    List<Waiting> waiting,
    int waitingCount,
    List<String> uffds,
    List<RunCommand.Injection> injections,
    RunReport report) {
  /** Most faults told. */
  public static final int MAX_WAITING = 200;

  public RunStatus {
    waiting = List.copyOf(waiting);
    uffds = List.copyOf(uffds);
    injections = List.copyOf(injections);
  }

  /**
   * A fault that waits.
   *
   * @param seq sequence number of its ENQUEUE
   * @param uffd which userfaultfd
   * @param flags UFFD_PAGEFAULT_FLAG_*
   * @param actor who sleeps
   * @param read whether a handler has read the message
   * @param sinceNs when it was queued
   */
  public record Waiting(
      long seq,
      String uffd,
      int region,
      int page,
      int flags,
      int actor,
      boolean read,
      long sinceNs) {}
}
