package dev.faultscope.session.query;

import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.Query;
import dev.faultscope.timeline.query.QueryException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predicates that are watched together, on a timeline that may grow. One that names a region or an
 * actor that is not declared yet is met by nothing until it is. For one thread.
 */
public final class Breakpoints {
  /** Most predicates of one list. */
  public static final int MAX = 32;

  /** Hits are told apart by looking at one event. */
  private static final long ONE_EVENT = 1;

  private final List<Query> queries;
  private final Timeline timeline;
  private List<Watched> watched = List.of();
  private EventPredicate any = Query.any(List.of());
  private int declared = -1;
  private @Nullable Search search;

  /** A predicate whose names are known. */
  private record Watched(String text, EventPredicate predicate) {}

  /**
   * Where something stops.
   *
   * @param seq the event
   * @param queries those of the predicates that it satisfies
   */
  public record Stop(long seq, List<String> queries) {
    public Stop {
      queries = List.copyOf(queries);
    }

    /** {@return which event met which of them, in a sentence} */
    public String inWords() {
      return "Event " + seq + " satisfies " + String.join(" and ", queries) + ".";
    }
  }

  /**
   * What a search for the nearest hit came to.
   *
   * @param stop null where there is none among the events that were passed
   * @param scanned events passed
   * @param next where to ask again, 0 where the timeline was searched to its end
   */
  public record Found(@Nullable Stop stop, long scanned, long next) {}

  private Breakpoints(List<Query> queries, Timeline timeline) {
    this.queries = queries;
    this.timeline = timeline;
  }

  /**
   * {@return such breakpoints}
   *
   * @param texts predicates, at most {@value #MAX}
   * @throws QueryException if one is no predicate; of several its message names which
   */
  public static Breakpoints of(List<String> texts, Timeline timeline) {
    if (texts.size() > MAX) {
      throw new IllegalArgumentException(
          "there are " + texts.size() + " breakpoints, at most " + MAX + " are watched together");
    }
    List<Query> queries = new ArrayList<>();
    for (String text : texts) {
      queries.add(named(text, texts.size(), () -> Query.parse(text)));
    }
    return new Breakpoints(List.copyOf(queries), timeline);
  }

  /**
   * {@return the same breakpoints, all of whose regions and actors the timeline has}
   *
   * @throws QueryException if it lacks one
   */
  public Breakpoints withKnownNames() {
    for (Query query : queries) {
      EventPredicate _ = named(query.text(), queries.size(), () -> query.on(timeline));
    }
    return this;
  }

  /** {@return whether nothing is watched} */
  public boolean isEmpty() {
    return queries.isEmpty();
  }

  /** {@return the predicates as they were written} */
  public List<String> texts() {
    return queries.stream().map(Query::text).toList();
  }

  /** {@return the nearest event from one on, that one included, that satisfies any of them} */
  public Found find(long from, Search.Direction direction) {
    return find(from, direction, Search.SCAN_LIMIT);
  }

  /**
   * {@return the nearest event from one on, that one included, that satisfies any of them}
   *
   * @param scanLimit stop after about so many events examined
   */
  public Found find(long from, Search.Direction direction, long scanLimit) {
    if (queries.isEmpty() || timeline.lastSequence() == 0) {
      return new Found(null, 0, 0);
    }
    compile();
    SearchResult found = search().find(any, from, direction, 1, scanLimit);
    return new Found(
        found.hits().isEmpty() ? null : new Stop(found.first(), satisfiedBy(found.first())),
        found.scanned(),
        found.next());
  }

  private List<String> satisfiedBy(long seq) {
    if (watched.size() == 1) {
      return List.of(watched.getFirst().text());
    }
    return watched.stream()
        .filter(
            each ->
                timeline
                        .search()
                        .find(each.predicate(), seq, Search.Direction.FORWARD, 1, ONE_EVENT)
                        .first()
                    == seq)
        .map(Watched::text)
        .toList();
  }

  /** Regions and actors come while a run goes on, and a predicate may name them. */
  private void compile() {
    int now = timeline.regions().size() + timeline.actors().size();
    if (now == declared) {
      return;
    }
    declared = now;
    List<Watched> known = new ArrayList<>();
    for (Query query : queries) {
      try {
        known.add(new Watched(query.text(), query.on(timeline)));
      } catch (QueryException notYet) {
        // Met by nothing until what it names is declared.
      }
    }
    watched = List.copyOf(known);
    any = Query.any(known.stream().map(Watched::predicate).toList());
  }

  /** One search for all calls: what it has folded of the queue serves the next, a step further. */
  private Search search() {
    Search own = search;
    if (own == null) {
      own = timeline.search();
      search = own;
    }
    return own;
  }

  private interface Reading<T> {
    T read();
  }

  private static <T> T named(String text, int of, Reading<T> reading) {
    try {
      return reading.read();
    } catch (QueryException e) {
      throw of == 1
          ? e
          : new QueryException(e.position(), "in the breakpoint " + text + ": " + e.getMessage());
    }
  }
}
