package dev.faultscope.session.live;

import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.session.query.Breakpoints;
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
   * @param held which faults are held
   * @param idle whether its threads have nothing more to do by themselves
   */
  record Serving(
      RunStatus.Peer peer,
      List<HeldUffd> uffds,
      Holding held,
      boolean idle,
      @Nullable String message)
      implements LiveState {
    public Serving {
      uffds = List.copyOf(uffds);
    }

    /** {@return whether some faults are to be held} */
    boolean holds() {
      return held.isAny();
    }

    Serving holding(Holding what, @Nullable String said) {
      return new Serving(peer, uffds, what, idle, said);
    }

    Serving saying(@Nullable String said) {
      return new Serving(peer, uffds, held, idle, said);
    }

    Serving atRest(@Nullable String said) {
      return new Serving(peer, uffds, held, true, said);
    }
  }

  /**
   * Which faults are held.
   *
   * @param everything whether all are
   * @param query the predicate of those that are from the start on, null for none
   * @param breakpoints predicates that stop it
   * @param stop where one of those stopped it, null for nowhere
   */
  record Holding(
      boolean everything,
      @Nullable String query,
      List<String> breakpoints,
      Breakpoints.@Nullable Stop stop) {
    static final Holding NOTHING = new Holding(false, null, List.of(), null);

    public Holding {
      breakpoints = List.copyOf(breakpoints);
    }

    boolean isAny() {
      return everything || query != null || !breakpoints.isEmpty();
    }

    /** {@return the same, but for what is held beside breakpoints} */
    Holding holding(boolean all, @Nullable String predicate) {
      return new Holding(all, predicate, breakpoints, stop);
    }

    Holding breakingAt(List<String> queries) {
      return new Holding(everything, query, queries, stop);
    }

    Holding stoppedAt(Breakpoints.@Nullable Stop where) {
      return new Holding(everything, query, breakpoints, where);
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
