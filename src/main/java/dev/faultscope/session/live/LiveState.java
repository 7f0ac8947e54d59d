package dev.faultscope.session.live;

import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.session.run.RunStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a live run stands. */
sealed interface LiveState {
  /** {@return what a person should know, null for nothing} */
  @Nullable String message();

  /** {@return whose memory it is; null until it came} */
  RunStatus.@Nullable Peer peer();

  /** Nobody has come yet. */
  record Starting() implements LiveState {
    @Override
    public @Nullable String message() {
      return null;
    }

    @Override
    public RunStatus.@Nullable Peer peer() {
      return null;
    }
  }

  /**
   * Its faults are answered, or held.
   *
   * @param manual whether every fault is held
   * @param query the predicate of those that are held, null for none
   * @param idle whether its threads have nothing more to do by themselves
   */
  record Serving(
      RunStatus.Peer peer,
      List<HeldUffd> uffds,
      boolean manual,
      @Nullable String query,
      boolean idle,
      @Nullable String message)
      implements LiveState {
    public Serving {
      uffds = List.copyOf(uffds);
    }

    /** {@return whether some faults are to be held} */
    boolean holds() {
      return manual || query != null;
    }

    Serving holding(boolean everything, @Nullable String predicate, @Nullable String said) {
      return new Serving(peer, uffds, everything, predicate, idle, said);
    }

    Serving saying(@Nullable String said) {
      return new Serving(peer, uffds, manual, query, idle, said);
    }

    Serving atRest(@Nullable String said) {
      return new Serving(peer, uffds, manual, query, true, said);
    }
  }

  /** Over, as it should be. */
  record Ended(
      String message, RunStatus.@Nullable Peer peer, RunReport report, List<LiveSummary> summaries)
      implements LiveState {
    public Ended {
      summaries = List.copyOf(summaries);
    }
  }

  /** Over: it never came to a run, or what ran it broke. */
  record Failed(String message, RunStatus.@Nullable Peer peer) implements LiveState {}
}
