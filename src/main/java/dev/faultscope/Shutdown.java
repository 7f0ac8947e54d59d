package dev.faultscope;

import dev.faultscope.session.comparison.Comparisons;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.live.LiveRuns;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.session.watch.WatchRuns;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.stereotype.Component;

/**
 * Tells whatever is under way to end as soon as the server is to, before requests are waited for:
 * some of them wait for it, and no end has to wait for another. Held guests come first.
 */
@Component
final class Shutdown implements ApplicationListener<ContextClosedEvent> {
  private final LiveRuns live;
  private final WatchRuns watches;
  private final Runs runs;
  private final Comparisons comparisons;
  private final Library library;

  Shutdown(LiveRuns live, WatchRuns watches, Runs runs, Comparisons comparisons, Library library) {
    this.live = live;
    this.watches = watches;
    this.runs = runs;
    this.comparisons = comparisons;
    this.library = library;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    live.stop();
    watches.stop();
    runs.stop();
    comparisons.stop();
    library.stop();
  }
}
