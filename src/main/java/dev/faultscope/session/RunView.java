package dev.faultscope.session;

import dev.faultscope.session.run.RunStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as everybody sees it.
 *
 * @param id of the run and of its recording
 * @param engine {@code simulation} or {@code live}
 * @param scenario name in the gallery, null for a text of one's own and for no scenario
 * @param hasText whether it is made of a scenario's text
 * @param forkOf where it was forked off, null where it was not
 * @param forks runs that were forked off it, oldest first
 */
public record RunView(
    String id,
    String title,
    String engine,
    @Nullable String scenario,
    boolean hasText,
    @Nullable ForkPoint forkOf,
    List<ForkPoint> forks,
    RunStatus status) {
  public RunView {
    forks = List.copyOf(forks);
  }

  /**
   * The other end of a fork.
   *
   * @param id the other run
   * @param seq the moment
   */
  public record ForkPoint(String id, long seq) {}
}
