package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.PageSet;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Of each page that events are about, which of them changed it last and which touched it last. An
 * answer about later events takes the place of one about earlier ones, page by page.
 *
 * @param changes the last events after which pages are in another state
 * @param touches the last accesses to pages, and faults on them, of known actors
 * @param scanned events passed
 * @param complete whether all events that were asked for were passed
 * @param next where to ask again
 */
public record LastEvents(
    List<Last> changes, List<Last> touches, long scanned, boolean complete, long next) {
  /** Events of one kind after which an answer ends. */
  public static final int MAX_EVENTS = 1 << 16;

  public LastEvents {
    changes = List.copyOf(changes);
    touches = List.copyOf(touches);
  }

  /**
   * Consecutive pages for which an event was the last.
   *
   * @param actor who did it, or {@link Event#NONE}
   */
  public record Last(int region, int page, int pages, long seq, long timeNs, int actor) {}

  /**
   * {@return which of the events of a stretch were the last for each page}
   *
   * @param from the first event, at least 1
   * @param to the last event
   */
  public static LastEvents of(Timeline timeline, long from, long to) {
    long last = Math.min(to, timeline.lastSequence());
    if (from > last) {
      return new LastEvents(List.of(), List.of(), 0, true, from);
    }
    Collecting collecting = new Collecting(last);
    SearchResult found =
        timeline.search().find(collecting, from, Search.Direction.FORWARD, 1, Search.SCAN_LIMIT);
    long next = Math.min(from + found.scanned(), last + 1);
    return new LastEvents(
        lastOnly(collecting.changes), lastOnly(collecting.touches), next - from, next > last, next);
  }

  /** {@return what the last of some events say of each page, that of the last event first} */
  public static List<Last> lastOnly(List<Last> events) {
    Map<Integer, PageSet> told = new HashMap<>();
    List<Last> lasts = new ArrayList<>();
    for (Last each : events.reversed()) {
      told.computeIfAbsent(each.region, _ -> new PageSet())
          .add(
              each.page,
              each.pages,
              (page, pages) ->
                  lasts.add(new Last(each.region, page, pages, each.seq, each.timeNs, each.actor)));
    }
    return lasts;
  }

  /** Gathers on the way and finds the event that is the last to be gathered. For one thread. */
  private static final class Collecting implements EventPredicate {
    private final long to;
    private final List<Last> changes = new ArrayList<>();
    private final List<Last> touches = new ArrayList<>();

    Collecting(long to) {
      this.to = to;
    }

    @Override
    public boolean test(EventView event) {
      boolean told =
          event.pageCount() > 0
              && event.sequence() <= to
              && (event.flags() & EventFlags.PAGE_UNKNOWN) == 0;
      if (told && event.before() != event.after()) {
        changes.add(last(event));
      }
      if (told && isTouch(event.kind()) && event.actor() != Event.NONE) {
        touches.add(last(event));
      }
      return event.sequence() >= to || changes.size() >= MAX_EVENTS || touches.size() >= MAX_EVENTS;
    }

    private static boolean isTouch(int kind) {
      return kind == EventKind.TOUCH.code() || kind == EventKind.ENQUEUE.code();
    }

    private static Last last(EventView event) {
      return new Last(
          event.region(),
          event.firstPage(),
          event.pageCount(),
          event.sequence(),
          event.timeNs(),
          event.actor());
    }
  }
}
