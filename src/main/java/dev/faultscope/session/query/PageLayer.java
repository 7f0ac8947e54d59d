package dev.faultscope.session.query;

import dev.faultscope.model.Actor;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.settings.Choice;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the layers of the space lens that are about events say of all pages at a moment. */
public enum PageLayer {
  /** How long ago each page changed. */
  AGE {
    @Override
    Map<String, Long> count(Timeline timeline, long seq) {
      long now = seq == 0 ? 0 : timeline.event(seq).timeNs();
      long[] steps = new long[AGES_US.length + 1];
      long[] untold =
          each(timeline, seq, true, (last, pages) -> steps[step(now - last.timeNs())] += pages);
      Map<String, Long> counts = new LinkedHashMap<>();
      for (int step = 0; step < steps.length; step++) {
        counts.put(
            step < AGES_US.length ? "<= %d us".formatted(AGES_US[step]) : "older", steps[step]);
      }
      long unknown = 0;
      for (Region region : timeline.regions()) {
        boolean told = (region.initial() & PageState.UNKNOWN) == 0;
        unknown += told ? 0 : untold[region.index()];
      }
      counts.put("never changed", Arrays.stream(untold).sum() - unknown);
      counts.put("unknown", unknown);
      return counts;
    }
  },

  /** Whose access, or fault, was the last on each page. */
  WHO {
    @Override
    Map<String, Long> count(Timeline timeline, long seq) {
      Map<Integer, Long> pagesOf = new HashMap<>();
      long[] untold =
          each(
              timeline,
              seq,
              false,
              (last, pages) -> pagesOf.merge(last.actor(), (long) pages, Long::sum));
      Map<String, Long> counts = new LinkedHashMap<>();
      for (Actor actor : timeline.actors()) {
        Long pages = pagesOf.get(actor.index());
        if (pages != null) {
          counts.merge(actor.label(), pages, Long::sum);
        }
      }
      counts.put("no touch told", Arrays.stream(untold).sum());
      return counts;
    }
  },

  /** What each page holds. */
  CONTENTS {
    @Override
    Map<String, Long> count(Timeline timeline, long seq) {
      Map<PageContents.Kind, Long> pages = new EnumMap<>(PageContents.Kind.class);
      long[] others = timeline.regions().stream().mapToLong(Region::pages).toArray();
      for (PageContents.Run run : PageContents.of(timeline, seq).runs()) {
        pages.merge(PageContents.Kind.named(run.kind()), (long) run.pages(), Long::sum);
        others[run.region()] -= run.pages();
      }
      for (Region region : timeline.regions()) {
        pages.merge(PageContents.kind(region.initial()), others[region.index()], Long::sum);
      }
      Map<String, Long> counts = new LinkedHashMap<>();
      for (PageContents.Kind kind : PageContents.Kind.values()) {
        counts.put(kind.text(), pages.getOrDefault(kind, 0L));
      }
      return counts;
    }
  };

  /** Ages up to which a step reaches, in microseconds: sixteen times more with each. */
  private static final long[] AGES_US = {1, 16, 256, 4096, 65_536, 1_048_576, 16_777_216};

  /** Told the events that were the last for pages, and for how many. */
  @FunctionalInterface
  private interface Lasts {
    void last(LastEvents.Last last, int pages);
  }

  /**
   * {@return how many pages of all regions there are of each kind, in the order of the legend}
   *
   * @param seq the moment
   */
  public Map<String, Long> countsAt(Timeline timeline, long seq) {
    return count(timeline, seq);
  }

  /**
   * {@return the layer of a name}
   *
   * @throws IllegalArgumentException if there is none; the message names those there are
   */
  public static PageLayer named(String id) {
    return Choice.of("of", List.of(values()), PageLayer::id, id);
  }

  /** {@return the name by which it is asked for, and which it has in links} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  abstract Map<String, Long> count(Timeline timeline, long seq);

  private static int step(long ageNs) {
    int step = 0;
    while (step < AGES_US.length && ageNs > 1000 * AGES_US[step]) {
      step++;
    }
    return step;
  }

  /** {@return of how many pages of each region there was none} */
  private static long[] each(Timeline timeline, long seq, boolean changes, Lasts lasts) {
    List<LastEvents.Last> all = new ArrayList<>();
    int most = LastEvents.MAX_EVENTS;
    LastEvents some = LastEvents.of(timeline, 1, seq);
    while (true) {
      // Those of one answer are of different pages: only the order of the answers matters.
      all.addAll(changes ? some.changes() : some.touches());
      if (some.complete()) {
        break;
      }
      if (all.size() > most) {
        // What later ones took the place of is let go: they grow with the pages, not the events.
        all = new ArrayList<>(LastEvents.lastOnly(all));
        most = Math.max(most, 2 * all.size());
      }
      some = LastEvents.of(timeline, some.next(), seq);
    }
    long[] untold = timeline.regions().stream().mapToLong(Region::pages).toArray();
    for (LastEvents.Last last : LastEvents.lastOnly(all)) {
      lasts.last(last, last.pages());
      untold[last.region()] -= last.pages();
    }
    return untold;
  }
}
