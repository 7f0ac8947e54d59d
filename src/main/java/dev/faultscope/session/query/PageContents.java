package dev.faultscope.session.query;

import dev.faultscope.model.Content;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What all pages hold at a moment, as far as the recording says: of each what {@link PageContent}
 * says, in a word.
 *
 * @param runs pages that are not as their region began, region by region in order
 * @param complete false where the recording is too long, or too much is told, to say it of all:
 *     what is not in the answer is unknown then
 */
public record PageContents(List<Run> runs, boolean complete) {
  /** Events before the moment that are looked through. */
  static final long MAX_EVENTS = 4_000_000;

  /** Pages whose bytes are followed. */
  static final int MAX_PAGES = 1 << 20;

  /** Most runs of an answer. */
  static final int MAX_RUNS = 1 << 17;

  private static final int BAND = 4096;

  public PageContents {
    runs = List.copyOf(runs);
  }

  /** What a page holds. */
  public enum Kind {
    /** No page is there that could hold anything. */
    NOTHING("nothing there"),
    /** No byte is known. */
    UNKNOWN("unknown"),
    /** Zeros. */
    ZERO("zero"),
    /** One other value in every byte. */
    FILLED("one value"),
    /** Several values, every byte known. */
    SEVERAL("several values"),
    /** Some bytes are known. */
    PART("known in part"),
    /** It is in the page cache before all its bytes are. */
    HALF("half written");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** {@return it in words, as the legend has them} */
    public String text() {
      return text;
    }

    static Kind named(String id) {
      return valueOf(id.toUpperCase(Locale.ROOT));
    }

    /** {@return the name in an answer} */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Consecutive pages.
   *
   * @param kind the name of a {@link Kind}
   */
  public record Run(int region, int page, int pages, String kind) {}

  /** {@return what all pages hold at a moment} */
  public static PageContents of(Timeline timeline, long seq) {
    Following following = new Following(timeline, seq);
    if (seq > 0 && seq <= MAX_EVENTS) {
      timeline.search().find(following, 1, Search.Direction.FORWARD, 1, MAX_EVENTS);
    }
    boolean told = seq <= MAX_EVENTS && !following.isFull();
    Runs runs = new Runs();
    try (Cursor cursor = timeline.cursor()) {
      cursor.seek(seq);
      char[] codes = new char[BAND];
      for (Region region : timeline.regions()) {
        for (long first = 0; first < region.pages(); first += BAND) {
          int count = (int) Math.min(BAND, region.pages() - first);
          boolean spoken = following.bands.contains(key(region.index(), (int) (first / BAND)));
          if (spoken || !cursor.isUntouched(region.index(), (int) first, count)) {
            cursor.states(region.index(), (int) first, count, codes, 0);
            for (int i = 0; i < count; i++) {
              int page = (int) first + i;
              int state = timeline.codes().state(region.index(), codes[i]);
              List<Span> spans = told ? following.spans(region.index(), page) : List.of();
              runs.add(region, page, kind(state, spans));
            }
          }
        }
      }
    }
    runs.end();
    return new PageContents(runs.list, told && !runs.isFull());
  }

  /** {@return what a page in a state holds that nobody said more of} */
  public static Kind kind(int state) {
    return kind(state, List.of());
  }

  private static Kind kind(int state, List<Span> spans) {
    if ((state & PageState.PARTIAL) != 0) {
      return Kind.HALF;
    }
    if (!PageContent.isThere(state)) {
      return Kind.NOTHING;
    }
    List<Span> known = (state & PageState.ZERO) != 0 ? Span.zeros(spans) : spans;
    int bytes = known.stream().mapToInt(Span::length).sum();
    if (bytes == 0) {
      return Kind.UNKNOWN;
    }
    if (bytes < Region.PAGE_BYTES) {
      return Kind.PART;
    }
    if (known.size() > 1) {
      return Kind.SEVERAL;
    }
    return known.getFirst().value == 0 ? Kind.ZERO : Kind.FILLED;
  }

  private static long key(int region, int number) {
    return (long) region << 32 | number;
  }

  /** Bytes from one to before another that have a value. */
  private record Span(int from, int to, int value) {
    int length() {
      return to - from;
    }

    /** {@return spans in order, with this one over them} */
    List<Span> over(List<Span> spans) {
      List<Span> all = new ArrayList<>();
      for (Span span : spans) {
        all.add(new Span(span.from, Math.min(span.to, from), span.value));
        all.add(new Span(Math.max(span.from, to), span.to, span.value));
      }
      all.add(this);
      all.removeIf(span -> span.length() <= 0);
      all.sort(Comparator.comparingInt(Span::from));
      List<Span> joined = new ArrayList<>();
      for (Span span : all) {
        Span last = joined.isEmpty() ? null : joined.getLast();
        if (last != null && last.to == span.from && last.value == span.value) {
          joined.set(joined.size() - 1, new Span(last.from, span.to, span.value));
        } else {
          joined.add(span);
        }
      }
      return List.copyOf(joined);
    }

    /** {@return spans in order, with zeros where none is} */
    static List<Span> zeros(List<Span> spans) {
      List<Span> all = List.of(new Span(0, (int) Region.PAGE_BYTES, 0));
      for (Span span : spans) {
        all = span.over(all);
      }
      return all;
    }
  }

  /** Follows the bytes of all pages up to a moment. For one search of one thread. */
  private static final class Following implements EventPredicate {
    private final Timeline timeline;
    private final long to;
    private final Map<Long, List<Span>> pages = new HashMap<>();
    private final Set<Long> bands = new HashSet<>();

    Following(Timeline timeline, long to) {
      this.timeline = timeline;
      this.to = to;
    }

    boolean isFull() {
      return pages.size() > MAX_PAGES;
    }

    List<Span> spans(int region, int page) {
      return pages.getOrDefault(key(region, page), List.of());
    }

    @Override
    public boolean test(EventView event) {
      if (event.sequence() <= to && event.pageCount() > 0) {
        List<Content> contents = timeline.contents(event.sequence());
        boolean gone = PageContent.isGone(event.before(), event.after());
        if (!contents.isEmpty()) {
          int end = event.firstPage() + event.pageCount();
          for (int page = event.firstPage(); page < end && !isFull(); page++) {
            follow(event, page, contents, gone);
          }
        } else if (gone && !pages.isEmpty()) {
          forget(event);
        }
      }
      return event.sequence() >= to || isFull();
    }

    private void follow(EventView event, int page, List<Content> contents, boolean gone) {
      List<Span> spans = gone ? List.of() : spans(event.region(), page);
      if (!gone && (event.before() & PageState.ZERO) != 0) {
        spans = Span.zeros(spans);
      }
      for (Content content : contents) {
        int from = content.offset();
        spans = new Span(from, from + content.length(), content.on(page)).over(spans);
      }
      pages.put(key(event.region(), page), spans);
      bands.add(key(event.region(), page / BAND));
    }

    private void forget(EventView event) {
      if (event.pageCount() < pages.size()) {
        for (int i = 0; i < event.pageCount(); i++) {
          pages.remove(key(event.region(), event.firstPage() + i));
        }
      } else {
        long first = key(event.region(), event.firstPage());
        pages.keySet().removeIf(page -> page >= first && page < first + event.pageCount());
      }
    }
  }

  /** Joins pages that are alike. */
  private static final class Runs {
    final List<Run> list = new ArrayList<>();
    private int region = -1;
    private int first;
    private int count;
    private Kind kind = Kind.UNKNOWN;
    private boolean full;

    boolean isFull() {
      return full;
    }

    void add(Region in, int page, Kind of) {
      if (in.index() == region && page == first + count && of == kind) {
        count++;
        return;
      }
      end();
      region = in.index();
      first = page;
      count = 1;
      kind = of;
    }

    void end() {
      if (count > 0 && list.size() < MAX_RUNS) {
        list.add(new Run(region, first, count, kind.id()));
      } else if (count > 0) {
        full = true;
      }
      count = 0;
    }
  }
}
