package dev.faultscope.session;

import dev.faultscope.scenario.RunReport;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunStatus;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A run as everybody sees it; docs/wire-protocol.md, "How a run stands".
 *
 * @param id of the run and of its recording
 * @param scenario name in the gallery, null for a text of one's own
 * @param forkOf where it was forked off, null where it was not
 * @param forks runs that were forked off it, oldest first
 * @param revision counts changes, so that of two the newer can be told
 * @param phase {@link dev.faultscope.session.run.RunPhase}, in lower case
 * @param injections {@link RunCommand.Injection}, in lower case with dashes
 */
public record RunView(
    String id,
    String title,
    @Nullable String scenario,
    @Nullable ForkPoint forkOf,
    List<ForkPoint> forks,
    long revision,
    String engine,
    long seed,
    String phase,
    boolean manual,
    String policy,
    @Nullable String hold,
    long steps,
    boolean canFork,
    @Nullable String message,
    List<RunStatus.Waiting> waiting,
    int waitingCount,
    List<String> uffds,
    List<String> injections,
    RunReport report) {
  public RunView {
    forks = List.copyOf(forks);
    waiting = List.copyOf(waiting);
    uffds = List.copyOf(uffds);
    injections = List.copyOf(injections);
  }

  /**
   * The other end of a fork.
   *
   * @param id the other run
   * @param seq the moment
   */
  public record ForkPoint(String id, long seq) {}

  public static RunView of(
      Session session,
      @Nullable String scenario,
      @Nullable ForkPoint forkOf,
      List<ForkPoint> forks,
      RunStatus status) {
    return new RunView(
        session.id(),
        session.title(),
        scenario,
        forkOf,
        forks,
        status.revision(),
        status.engine(),
        status.seed(),
        status.phase().name().toLowerCase(Locale.ROOT),
        status.manual(),
        status.policy(),
        status.hold(),
        status.steps(),
        status.canFork(),
        status.message(),
        status.waiting(),
        status.waitingCount(),
        status.uffds(),
        status.injections().stream().map(RunView::word).toList(),
        status.report());
  }

  private static String word(RunCommand.Injection injection) {
    return injection.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
