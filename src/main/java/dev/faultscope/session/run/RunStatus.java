package dev.faultscope.session.run;

import dev.faultscope.scenario.RunReport;
import dev.faultscope.session.query.Breakpoints;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run stands.
 *
 * @param revision counts changes, so that of two the newer can be told
 * @param manual whether every fault waits for a hand
 * @param policy what its handlers do by themselves, in words; empty for a script
 * @param hold the predicate that holds faults from the start on, null for none
 * @param breakpoints the predicates that stop it
 * @param stop where one of them stopped it; null where it goes on or stands still otherwise
 * @param message what a person should know, null for nothing
 * @param waiting faults that wait, oldest first, at most {@value #MAX_WAITING}
 * @param waitingCount how many wait in all
 * @param uffds names of the userfaultfds
 * @param can what it can do
 * @param report what it came to so far; null where that is known at the end only
 * @param engine what only such an engine has
 */
public record RunStatus(
    long revision,
    RunPhase phase,
    boolean manual,
    String policy,
    @Nullable String hold,
    List<String> breakpoints,
    Breakpoints.@Nullable Stop stop,
    @Nullable String message,
    List<Waiting> waiting,
    int waitingCount,
    List<String> uffds,
    Capabilities can,
    @Nullable RunReport report,
    Engine engine) {
  /** Most faults told. */
  public static final int MAX_WAITING = 200;

  public RunStatus {
    breakpoints = List.copyOf(breakpoints);
    waiting = List.copyOf(waiting);
    uffds = List.copyOf(uffds);
  }

  /**
   * A fault that waits.
   *
   * @param seq sequence number of its ENQUEUE
   * @param uffd which userfaultfd
   * @param flags UFFD_PAGEFAULT_FLAG_*
   * @param actor who sleeps
   * @param read whether a handler has read the message
   * @param held whether it waits for a person's hand
   * @param sinceNs when it was queued, or read where no more is known, in the recording's time
   * @param origin who touched the page, in words; empty where that is not known
   */
  public record Waiting(
      long seq,
      String uffd,
      int region,
      int page,
      int flags,
      int actor,
      boolean read,
      boolean held,
      long sinceNs,
      String origin) {}

  /** What only a simulation or only a real kernel has. */
  public sealed interface Engine {}

  /**
   * The simulated kernel.
   *
   * @param seed of its random numbers
   * @param steps how much has happened, in its own steps
   */
  public record Simulated(long seed, long steps) implements Engine {}

  /**
   * A real kernel.
   *
   * @param nowNs the recording's time now
   * @param watchdogNs how long a fault may be held, 0 for ever
   * @param peer whose memory it is; null until it came
   * @param latencies what was measured; null until the run is over
   */
  public record Live(
      long nowNs, long watchdogNs, @Nullable Peer peer, @Nullable Latencies latencies)
      implements Engine {
    Live at(long now) {
      return new Live(now, watchdogNs, peer, latencies);
    }
  }

  /** {@return the same, but that it failed} */
  public RunStatus failed(String why) {
    return new RunStatus(
        revision,
        RunPhase.FAILED,
        manual,
        policy,
        hold,
        breakpoints,
        stop,
        why,
        List.of(),
        0,
        uffds,
        can,
        report,
        engine);
  }

  /** {@return the same at another time of a real kernel's} */
  public RunStatus at(long nowNs) {
    return engine instanceof Live live
        ? new RunStatus(
            revision,
            phase,
            manual,
            policy,
            hold,
            breakpoints,
            stop,
            message,
            waiting,
            waitingCount,
            uffds,
            can,
            report,
            live.at(nowNs))
        : this;
  }

  /** Whose memory it is, as the kernel says (SO_PEERCRED). */
  public record Peer(String name, int pid, int uid, int gid, long bytes, int regions) {}

  /** A median and a 99th percentile in nanoseconds. */
  public record Quantiles(long p50, long p99) {}

  /**
   * What was measured of a real kernel's run.
   *
   * @param accessToRead from the access to reading its message; zeros where no access was traced
   * @param readToIoctl from reading a message to the ioctl that answers it
   * @param ioctl of an ioctl
   * @param origins how often each was found to have touched a page
   * @param placement how the handler ran in the end
   */
  public record Latencies(
      Quantiles accessToRead,
      Quantiles readToIoctl,
      Quantiles ioctl,
      Map<String, Long> origins,
      String placement) {}
}
