package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.LatencyHistogram;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.Wait;
import dev.faultscope.timeline.WaitPart;
import dev.faultscope.timeline.Waits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All faults of a recording: the first rows in some order, and sums.
 *
 * @param origin what they wait for: uffd, stage2, kvm or host; of several kinds the first of these
 *     that there is, which is the one that the statistics are about
 * @param faults waits whose message was read, or that go on, as in the statistics
 * @param unreadFaults waits that ended with their message unread, as in the statistics
 * @param latency how long those that were woken waited for that
 * @param rows the first in the order asked for
 * @param groups by name; empty where none were asked for
 */
public record FaultTable(
    String origin,
    long faults,
    long unreadFaults,
    FaultLatency latency,
    List<Row> rows,
    List<Group> groups) {
  /** Groups beyond so many are one. */
  public static final int MOST_GROUPS = 1000;

  /** The name of the group that has what is beyond the others. */
  public static final String OTHERS = "(others)";

  /**
   * A fault. Times and durations are nanoseconds, null where the recording does not tell.
   *
   * @param seq its ENQUEUE
   * @param origin what it waits for: uffd, stage2, kvm or host
   * @param cause what was decided before, or meanwhile; null where that is not known
   * @param page page within the region; null where that is not known
   * @param kind missing, minor, wp, rwp or unknown; of a fault that met no userfaultfd its origin
   * @param write whether it was to write
   * @param timeNs when it was queued
   * @param latencyNs from queue to wake
   * @param waitNs from queue to the next try, or to the wake where that is not told: the four parts
   *     and {@code unattributedNs}
   * @param ioctl that answered it
   */
  public record Row(
      long seq,
      String origin,
      @Nullable String cause,
      String thread,
      @Nullable String region,
      @Nullable Integer page,
      String kind,
      @Nullable Boolean write,
      long timeNs,
      @Nullable Long waitNs,
      @Nullable Long latencyNs,
      @Nullable Long unreadNs,
      @Nullable Long readToIoctlNs,
      @Nullable Long ioctlNs,
      @Nullable Long wakeToRetryNs,
      @Nullable Long unattributedNs,
      @Nullable String handler,
      @Nullable String ioctl,
      @Nullable Integer errno) {}

  /**
   * Faults put together.
   *
   * @param waitNs of all that ended
   * @param p50Ns half of them waited no longer
   */
  public record Group(
      String name,
      long faults,
      long unreadFaults,
      long waitNs,
      long p50Ns,
      long p99Ns,
      long maxNs) {}

  /**
   * {@return the table}
   *
   * @param where looks at a wait's ENQUEUE, READ and WAKE; null for every wait
   * @param grouping null for none
   * @param limit most rows, at least 0
   */
  public static FaultTable of(
      Timeline timeline,
      FaultOrder order,
      @Nullable EventPredicate where,
      @Nullable FaultGrouping grouping,
      int limit) {
    Waits waits = waits(timeline, where);
    Summing summing = new Summing(timeline, waits, grouping);
    for (long wait = 0; wait < waits.size(); wait++) {
      summing.add(wait);
    }
    return summing.table(first(waits, order, limit, 0));
  }

  /** {@return the first waits in an order after some of them} */
  static List<Wait> first(
      Timeline timeline, FaultOrder order, @Nullable EventPredicate where, int skip, int limit) {
    return first(waits(timeline, where), order, skip + limit, skip);
  }

  /**
   * {@return the waits of which an event satisfies a predicate, all for null: the ENQUEUE, READ or
   * WAKE, or what ended it in place of a WAKE}
   */
  static Waits waits(Timeline timeline, @Nullable EventPredicate where) {
    if (where == null) {
      return timeline.waits();
    }
    Wanted wanted = new Wanted(timeline.search().ofBeginnings(), where);
    if (!where.needsQueue()) {
      return timeline.waits(wanted::is, _ -> false);
    }
    // An ENQUEUE may end one wait and begins another: of the first it is what it is not by itself.
    Wanted ended = new Wanted(timeline.search(), where);
    return timeline.waits(wanted::is, seq -> ended.is(seq) && !wanted.is(seq));
  }

  /** Where a wait stands in an order. */
  private record Place(long key, long sequence, long number) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return key != other.key
          ? Long.compare(key, other.key)
          : Long.compare(sequence, other.sequence);
    }
  }

  private static List<Wait> first(Waits waits, FaultOrder order, int limit, int skip) {
    // The last of those so far is at its head.
    PriorityQueue<Place> first = new PriorityQueue<>(Comparator.reverseOrder());
    Place last = new Place(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    for (long wait = 0; wait < waits.size() && limit > 0; wait++) {
      long key = order.key(waits, wait);
      if (key < last.key() || key == last.key() && waits.enqueue(wait) < last.sequence()) {
        first.add(new Place(key, waits.enqueue(wait), wait));
        if (first.size() > limit) {
          first.remove();
        }
        last = first.size() == limit ? first.element() : last;
      }
    }
    return first.stream().sorted().skip(skip).map(place -> waits.at(place.number())).toList();
  }

  /** The hits of a predicate, asked for in order. */
  private static final class Wanted {
    private static final int HITS = 4096;

    private final Search search;
    private final EventPredicate predicate;
    private List<Long> hits = List.of();
    private int next;
    private long from = 1;

    Wanted(Search search, EventPredicate predicate) {
      this.search = search;
      this.predicate = predicate;
    }

    boolean is(long sequence) {
      while (true) {
        while (next < hits.size() && hits.get(next) < sequence) {
          next++;
        }
        if (next < hits.size()) {
          return hits.get(next) == sequence;
        }
        if (from == 0) {
          return false;
        }
        SearchResult found =
            search.find(predicate, from, Search.Direction.FORWARD, HITS, Search.SCAN_LIMIT);
        hits = found.hits();
        next = 0;
        from = found.next();
      }
    }
  }

  private static final class Summing {
    private final Timeline timeline;
    private final Waits waits;
    private final @Nullable FaultGrouping grouping;
    private final FaultLatency.Counts latency = new FaultLatency.Counts();
    private final Map<Integer, Summed> byCode = new HashMap<>();
    private final Map<String, Summed> groups = new TreeMap<>();
    private final Set<FaultOrigin> origins = EnumSet.noneOf(FaultOrigin.class);
    private long faults;
    private long unread;

    Summing(Timeline timeline, Waits waits, @Nullable FaultGrouping grouping) {
      this.timeline = timeline;
      this.waits = waits;
      this.grouping = grouping;
    }

    void add(long wait) {
      boolean isUnread = waits.isUnread(wait);
      origins.add(waits.origin(wait));
      faults += isUnread ? 0 : 1;
      unread += isUnread ? 1 : 0;
      long ns = waits.ns(WaitPart.LATENCY, wait);
      if (ns != WaitPart.UNTOLD) {
        latency.add(ns);
      }
      if (grouping != null) {
        byCode
            .computeIfAbsent(grouping.codeOf(waits, wait), code -> group(grouping, code))
            .add(waits.ns(WaitPart.WAIT, wait), isUnread);
      }
    }

    /** Those of one name are one group. */
    private Summed group(FaultGrouping by, int code) {
      String name = by.nameOf(code, timeline);
      boolean isOther = groups.size() >= MOST_GROUPS && !groups.containsKey(name);
      return groups.computeIfAbsent(isOther ? OTHERS : name, _ -> new Summed());
    }

    FaultTable table(List<Wait> rows) {
      List<Group> sums = new ArrayList<>();
      groups.forEach((name, sum) -> sums.add(sum.group(name)));
      return new FaultTable(
          // They are declared in the order in which the statistics choose.
          origins.stream().findFirst().orElse(FaultOrigin.UFFD).id(),
          faults,
          unread,
          latency.counted(),
          rows.stream().map(wait -> row(wait, timeline)).toList(),
          sums);
    }
  }

  private static final class Summed {
    private final LatencyHistogram waits = new LatencyHistogram();
    private long faults;
    private long unread;
    private long waitNs;

    void add(long ns, boolean isUnread) {
      faults += isUnread ? 0 : 1;
      unread += isUnread ? 1 : 0;
      if (ns != WaitPart.UNTOLD) {
        waits.add(ns);
        waitNs += ns;
      }
    }

    Group group(String name) {
      LatencyHistogram.Percentiles of = waits.percentiles();
      return new Group(name, faults, unread, waitNs, of.p50(), of.p99(), of.max());
    }
  }

  private static Row row(Wait wait, Timeline timeline) {
    Event enqueue = wait.enqueue();
    UffdIoctl ioctl = wait.ioctl();
    Event answer = wait.answer();
    Region region = enqueue.hasPages() ? timeline.regions().get(enqueue.region()) : null;
    return new Row(
        enqueue.sequence(),
        wait.origin().id(),
        FaultGrouping.cause(wait.reason()),
        FaultGrouping.actor(enqueue.actor(), timeline),
        region == null ? null : region.name(),
        region == null ? null : enqueue.firstPage(),
        FaultGrouping.kind(wait.origin(), enqueue.flags()),
        enqueue.is(EventFlags.ACCESS_UNKNOWN) ? null : enqueue.is(EventFlags.WRITE),
        enqueue.timeNs(),
        wait.ns(WaitPart.WAIT),
        wait.ns(WaitPart.LATENCY),
        wait.ns(WaitPart.UNREAD),
        wait.ns(WaitPart.READ_TO_IOCTL),
        wait.ns(WaitPart.IOCTL),
        wait.ns(WaitPart.WAKE_TO_RETRY),
        wait.ns(WaitPart.UNATTRIBUTED),
        wait.readNs() == null || wait.origin() != FaultOrigin.UFFD
            ? null
            : FaultGrouping.actor(wait.handler(), timeline),
        ioctl == null ? null : ioctl.name(),
        answer == null ? null : answer.errno());
  }
}
