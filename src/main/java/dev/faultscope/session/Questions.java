package dev.faultscope.session;

import dev.faultscope.session.kernelview.KernelView;
import dev.faultscope.session.query.Alignment;
import dev.faultscope.session.query.Beside;
import dev.faultscope.session.query.Difference;
import dev.faultscope.session.query.FaultArrows;
import dev.faultscope.session.query.FaultCount;
import dev.faultscope.session.query.FaultGrouping;
import dev.faultscope.session.query.FaultHeatmap;
import dev.faultscope.session.query.FaultOrder;
import dev.faultscope.session.query.FaultRows;
import dev.faultscope.session.query.FaultStory;
import dev.faultscope.session.query.FaultTable;
import dev.faultscope.session.query.FirstTouches;
import dev.faultscope.session.query.HitCount;
import dev.faultscope.session.query.Hits;
import dev.faultscope.session.query.KernelTotals;
import dev.faultscope.session.query.Lanes;
import dev.faultscope.session.query.LastEvents;
import dev.faultscope.session.query.PageChanges;
import dev.faultscope.session.query.PageContents;
import dev.faultscope.session.query.PageDetails;
import dev.faultscope.session.query.Reasons;
import dev.faultscope.session.query.Stretch;
import dev.faultscope.session.query.ToldEvent;
import dev.faultscope.session.query.ToldStory;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.query.Query;
import dev.faultscope.timeline.query.QueryException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a view may ask of a session beside watching it. Values out of range are answered with {@link
 * IllegalArgumentException} or {@link IndexOutOfBoundsException} whose message says the range.
 */
public final class Questions {
  /** Most events of one answer. */
  public static final int MAX_EVENTS = 4096;

  private static final int RECORD_BYTES = 32;
  private static final int MAX_NOTES = 1000;

  private Questions() {}

  /** {@return what every actor did from a time to a time, in at most {@code px} segments each} */
  public static Lanes lanes(Session session, long fromNs, long toNs, int px) {
    require("px", px, 1, Lanes.MAX_PX);
    requireWindow(fromNs, toNs);
    return Lanes.of(session.timeline(), fromNs, toNs, px);
  }

  /** {@return stalls that begin at or after an event} */
  public static List<FaultRows.Row> faults(Session session, long from, int limit) {
    require("limit", limit, 1, FaultRows.MAX_ROWS);
    return FaultRows.of(session.timeline(), from, limit);
  }

  /**
   * {@return the first of all stalls in an order}
   *
   * @param sort a {@link FaultOrder}
   * @param where a predicate that one of its events satisfies; empty for all
   * @param skip leaves out so many before them
   * @throws BadQueryException if that is none
   */
  public static List<FaultRows.Row> faults(
      Session session, String sort, String where, int skip, int limit) {
    require("limit", limit, 1, FaultRows.MAX_ROWS);
    require("skip", skip, 0, FaultRows.MAX_SKIP);
    FaultOrder order = FaultOrder.named(sort);
    return FaultRows.first(session.timeline(), order, predicate(session, where), skip, limit);
  }

  /**
   * {@return what all stalls add up to, without rows}
   *
   * @param where a predicate that one of its events satisfies; empty for all
   * @param group a {@link FaultGrouping}; empty for no groups
   * @throws BadQueryException if the predicate is none
   */
  public static FaultTable faultSums(Session session, String where, String group) {
    FaultGrouping grouping = group.isEmpty() ? null : FaultGrouping.named(group);
    return FaultTable.of(
        session.timeline(), FaultOrder.TIME, predicate(session, where), grouping, 0);
  }

  /** {@return what the recording's statistics say of faults that meet no userfaultfd} */
  public static KernelTotals kernelTotals(Session session) {
    return KernelTotals.of(session.timeline());
  }

  /**
   * {@return how many stalls there were in each cell of a window of time and latency or address}
   *
   * @param of a {@link FaultHeatmap.Of}
   * @param where a predicate that one of its events satisfies; empty for all
   * @throws BadQueryException if that is none
   */
  public static FaultHeatmap heatmap(
      Session session, String of, String where, long fromNs, long toNs, int columns, int rows) {
    FaultHeatmap.Of rowsOf = FaultHeatmap.Of.named(of);
    require("columns", columns, 1, FaultHeatmap.MAX_COLUMNS);
    require("rows", rows, 1, FaultHeatmap.MAX_ROWS);
    requireWindow(fromNs, toNs);
    return FaultHeatmap.of(
        session.timeline(), rowsOf, predicate(session, where), fromNs, toNs, columns, rows);
  }

  /**
   * {@return who answered whom in a window}
   *
   * @param limit most faults that are told; where there are more, only the one asked about is
   * @param about an event of that fault, 0 for none
   */
  public static FaultArrows arrows(Session session, long fromNs, long toNs, int limit, long about) {
    require("limit", limit, 0, FaultArrows.MAX_FAULTS);
    require("about", about, 0, session.lastSequence());
    requireWindow(fromNs, toNs);
    return FaultArrows.of(session.timeline(), fromNs, toNs, limit, about);
  }

  /** {@return which events there are from a time on, before another} */
  public static Stretch stretch(Session session, long fromNs, long toNs) {
    requireWindow(fromNs, toNs);
    return Stretch.of(session.timeline(), fromNs, toNs);
  }

  private static @Nullable EventPredicate predicate(Session session, String where) {
    return where.isBlank() ? null : reading(() -> Query.parse(where).on(session.timeline()));
  }

  /** {@return everything about a page at a moment} */
  public static PageDetails page(Session session, int region, int page, long seq) {
    require("seq", seq, 0, session.lastSequence());
    return PageDetails.of(session.timeline(), region, page, seq);
  }

  /**
   * {@return events that satisfy a predicate}
   *
   * @throws BadQueryException if it is none
   */
  public static Hits search(Session session, String query, long from, int direction, int limit) {
    require("limit", limit, 1, Hits.MAX_HITS);
    if (direction != 1 && direction != -1) {
      throw new IllegalArgumentException("direction must be 1 or -1");
    }
    return reading(() -> Hits.of(session.timeline(), query, from, direction, limit));
  }

  /**
   * {@return how many events satisfy a predicate, and where}
   *
   * @throws BadQueryException if it is none
   */
  public static HitCount hits(Session session, String query, long from) {
    require("from", from, 1, Long.MAX_VALUE);
    return reading(() -> HitCount.of(session.timeline(), query, from));
  }

  /** {@return what changed a page from an event on, each with its cause} */
  public static PageChanges changes(Session session, int region, int page, long from, int limit) {
    require("from", from, 1, Long.MAX_VALUE);
    require("limit", limit, 1, PageChanges.MAX_CHANGES);
    return PageChanges.of(session.timeline(), region, page, from, limit);
  }

  /** {@return the pages that were first touched from an event on, in that order} */
  public static FirstTouches firstTouches(Session session, long from) {
    require("from", from, 1, Long.MAX_VALUE);
    return FirstTouches.of(session.timeline(), from);
  }

  /**
   * {@return which events of a stretch were the last to change and to touch each page}
   *
   * @param to the last event of it
   */
  public static LastEvents lastEvents(Session session, long from, long to) {
    require("from", from, 1, Long.MAX_VALUE);
    require("to", to, 0, session.lastSequence());
    return LastEvents.of(session.timeline(), from, to);
  }

  /** {@return what all pages hold at a moment} */
  public static PageContents contents(Session session, long seq) {
    require("seq", seq, 0, session.lastSequence());
    return PageContents.of(session.timeline(), seq);
  }

  /** {@return an event and what led to it, newest first} */
  public static List<ToldEvent> causes(Session session, long seq) {
    require("seq", seq, 1, session.lastSequence());
    return Reasons.of(session.timeline(), seq);
  }

  /** {@return what an event led to} */
  public static List<ToldEvent> effects(Session session, long seq) {
    require("seq", seq, 1, session.lastSequence());
    return Reasons.effects(session.timeline(), seq);
  }

  /** {@return the fault that an event belongs to, step by step} */
  public static ToldStory why(Session session, long seq) {
    require("seq", seq, 1, session.lastSequence());
    return ToldStory.of(FaultStory.of(session.timeline(), seq));
  }

  /** {@return the fault that what happened last to a page belongs to, step by step} */
  public static ToldStory whyPage(Session session, int region, int page, long seq) {
    require("seq", seq, 0, session.lastSequence());
    return ToldStory.of(FaultStory.ofPage(session.timeline(), region, page, seq));
  }

  /** {@return the path through the kernel at a moment} */
  public static KernelView kernel(Session session, long seq) {
    require("seq", seq, 0, session.lastSequence());
    return KernelView.of(session.timeline(), seq);
  }

  /** {@return where two recordings part, and what each came to} */
  public static Difference difference(Session left, Session right) {
    return Difference.of(left.timeline(), right.timeline());
  }

  /**
   * {@return two recordings at one position}
   *
   * @param align an {@link Alignment}
   * @param at the position; null for that of a moment
   * @param nth of the events at that time so many; null for all
   * @param leftSeq a moment of the left recording whose position is meant
   * @param rightSeq a moment of the right one
   * @throws IllegalArgumentException unless exactly one of the three is there
   */
  public static Beside beside(
      Session left,
      Session right,
      String align,
      @Nullable Long at,
      @Nullable Long nth,
      @Nullable Long leftSeq,
      @Nullable Long rightSeq) {
    Alignment by = Alignment.named(align);
    if (Stream.of(at, leftSeq, rightSeq).filter(Objects::nonNull).count() != 1) {
      throw new IllegalArgumentException("say one of at, leftSeq and rightSeq");
    }
    Beside.Place place;
    if (at != null) {
      require("at", at, 0, Long.MAX_VALUE);
      require("nth", nth == null ? 0 : nth, 0, Long.MAX_VALUE / 2);
      place = new Beside.Place(at, nth);
    } else if (leftSeq != null) {
      require("leftSeq", leftSeq, 0, left.lastSequence());
      place = Beside.placeOf(left.timeline(), right.timeline(), by, leftSeq);
    } else {
      long seq = Objects.requireNonNull(rightSeq);
      require("rightSeq", seq, 0, right.lastSequence());
      place = Beside.placeOf(right.timeline(), left.timeline(), by, seq);
    }
    return Beside.of(left.timeline(), right.timeline(), by, place);
  }

  /** {@return how many faults there were by now} */
  public static long faultCount(Session session) {
    return FaultCount.of(session.timeline());
  }

  /** {@return the first remarks kept with the recording, at most 1000} */
  public static List<String> notes(Session session) {
    return session.timeline().notes().stream().limit(MAX_NOTES).toList();
  }

  /** {@return events in their 32-byte form, from one on; fewer or none where the recording ends} */
  public static byte[] records(Session session, long from, int count) {
    require("count", count, 1, MAX_EVENTS);
    require("from", from, 1, Long.MAX_VALUE);
    int n = Math.clamp(session.lastSequence() - from + 1, 0, count);
    byte[] records = new byte[n * RECORD_BYTES];
    if (n > 0) {
      session.timeline().copyRecords(from, n, records, 0);
    }
    return records;
  }

  private static <T> T reading(Supplier<T> predicate) {
    try {
      return predicate.get();
    } catch (QueryException e) {
      throw new BadQueryException(e);
    }
  }

  private static void requireWindow(long fromNs, long toNs) {
    if (fromNs < 0 || toNs <= fromNs) {
      throw new IllegalArgumentException("toNs must be after fromNs, and fromNs at least 0");
    }
  }

  private static void require(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be in " + min + ".." + Math.max(min, max));
    }
  }
}
