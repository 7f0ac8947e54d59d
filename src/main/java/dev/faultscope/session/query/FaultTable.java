package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.FaultKind;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.LatencyHistogram;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.Wait;
import dev.faultscope.timeline.WaitFold;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All faults of a recording: the first rows in some order, and sums. It takes the memory of the
 * rows it answers with, however many faults there are.
 *
 * @param faults waits whose message was read, or that go on, as in the statistics
 * @param unreadFaults waits that ended with their message unread, as in the statistics
 * @param rows the first in the order asked for
 * @param groups by name; empty where none were asked for
 */
public record FaultTable(long faults, long unreadFaults, List<Row> rows, List<Group> groups) {

  /**
   * A fault. Times and durations are nanoseconds, null where the recording does not tell.
   *
   * @param seq its ENQUEUE
   * @param page page within the region; null where that is not known
   * @param kind missing, minor, wp, rwp or unknown
   * @param write whether it was to write
   * @param timeNs when it was queued
   * @param latencyNs from queue to wake
   * @param waitNs from queue to the next try, or to the wake where that is not told: the four parts
   *     and {@code unattributedNs}
   * @param ioctl that answered it
   */
  public record Row(
      long seq,
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
    Summing summing = new Summing(timeline, order.comparator(), grouping, limit);
    sum(timeline, where, summing);
    return summing.table();
  }

  /** {@return the first waits in an order} */
  static List<Wait> first(
      Timeline timeline, FaultOrder order, @Nullable EventPredicate where, int limit) {
    Summing summing = new Summing(timeline, order.comparator(), null, limit);
    sum(timeline, where, summing);
    return summing.rows();
  }

  private static void sum(Timeline timeline, @Nullable EventPredicate where, Summing summing) {
    Wanted wanted = where == null ? null : new Wanted(timeline.search(), where);
    WaitFold fold =
        wanted == null
            ? new WaitFold(timeline, summing::add)
            : new WaitFold(timeline, wanted::is, summing::add);
    long last = timeline.lastSequence();
    for (long at = 1; at <= last; at++) {
      fold.add(timeline.event(at));
    }
    fold.end();
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
    private final Comparator<Wait> order;
    private final @Nullable FaultGrouping grouping;
    private final int limit;

    /** The last of the rows so far is at its head. */
    private final PriorityQueue<Wait> first;

    private final Map<String, Summed> groups = new TreeMap<>();
    private long faults;
    private long unread;

    Summing(
        Timeline timeline, Comparator<Wait> order, @Nullable FaultGrouping grouping, int limit) {
      this.timeline = timeline;
      this.order = order;
      this.grouping = grouping;
      this.limit = limit;
      first = new PriorityQueue<>(order.reversed());
    }

    void add(Wait wait) {
      boolean isUnread = wait.endNs() != null && wait.readNs() == null;
      faults += isUnread ? 0 : 1;
      unread += isUnread ? 1 : 0;
      if (grouping != null) {
        groups
            .computeIfAbsent(grouping.keyOf(wait, timeline), _ -> new Summed())
            .add(wait, isUnread);
      }
      if (first.size() < limit) {
        first.add(wait);
      } else if (limit > 0 && order.compare(wait, first.element()) < 0) {
        first.remove();
        first.add(wait);
      }
    }

    List<Wait> rows() {
      List<Wait> rows = new ArrayList<>(first);
      rows.sort(order);
      return rows;
    }

    FaultTable table() {
      List<Group> sums = new ArrayList<>();
      groups.forEach((name, sum) -> sums.add(sum.group(name)));
      return new FaultTable(
          faults, unread, rows().stream().map(wait -> row(wait, timeline)).toList(), sums);
    }
  }

  private static final class Summed {
    private final LatencyHistogram waits = new LatencyHistogram();
    private long faults;
    private long unread;
    private long waitNs;

    void add(Wait wait, boolean isUnread) {
      faults += isUnread ? 0 : 1;
      unread += isUnread ? 1 : 0;
      Long ns = wait.waitNs();
      if (ns != null) {
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
        FaultGrouping.nameOf(enqueue.actor(), timeline),
        region == null ? null : region.name(),
        region == null ? null : enqueue.firstPage(),
        FaultKind.of(enqueue.flags()).id(),
        enqueue.is(EventFlags.ACCESS_UNKNOWN) ? null : enqueue.is(EventFlags.WRITE),
        enqueue.timeNs(),
        wait.waitNs(),
        wait.latencyNs(),
        wait.unreadNs(),
        wait.readToIoctlNs(),
        wait.ioctlNs(),
        wait.wakeToRetryNs(),
        wait.unattributedNs(),
        wait.readNs() == null ? null : FaultGrouping.nameOf(wait.handler(), timeline),
        ioctl == null ? null : ioctl.name(),
        answer == null ? null : answer.errno());
  }
}
