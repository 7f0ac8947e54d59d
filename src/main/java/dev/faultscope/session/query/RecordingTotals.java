package dev.faultscope.session.query;

import dev.faultscope.model.Errno;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.ChunkSummary;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.Tally;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a recording adds up to, by names that two recordings can be compared by. */
final class RecordingTotals {
  /** Figures that are durations; the others are counts. */
  private static final Set<String> DURATIONS =
      Set.of("elapsed", "waited", "latency p50", "latency p99", "longest latency");

  private static final List<EventKind> COUNTED =
      List.of(EventKind.TOUCH, EventKind.ENQUEUE, EventKind.READ, EventKind.IOCTL, EventKind.WAKE);

  private RecordingTotals() {}

  /** {@return counts by name, in an order of their own} */
  static Map<String, Long> of(Timeline timeline, long last) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("events", last);
    counts.put("elapsed", last == 0 ? 0 : timeline.event(last).timeNs());
    addFaults(timeline, counts);
    for (String name :
        List.of("accesses", "missing faults", "minor faults", "wp faults", "ioctls")) {
      counts.put(name, 0L);
    }
    if (last > 0) {
      timeline.search().find(new Counting(counts), 1, Search.Direction.FORWARD, 1, Long.MAX_VALUE);
    }
    return counts;
  }

  /** As the statistics and the sums of the faults say. */
  private static void addFaults(Timeline timeline, Map<String, Long> counts) {
    FaultTable sums = FaultTable.of(timeline, FaultOrder.TIME, null, FaultGrouping.KIND, 0);
    FaultLatency latency = sums.latency();
    counts.put("faults", sums.faults());
    counts.put("pages served", timeline.tally(Tally.PAGES, timeline.lastSequence()));
    counts.put("unread faults", sums.unreadFaults());
    counts.put("waited", sums.groups().stream().mapToLong(FaultTable.Group::waitNs).sum());
    counts.put("latency p50", latency.p50Ns());
    counts.put("latency p99", latency.p99Ns());
    counts.put("longest latency", latency.maxNs());
  }

  static List<Difference.Count> compare(Map<String, Long> left, Map<String, Long> right) {
    Set<String> names = new LinkedHashSet<>(left.keySet());
    names.addAll(right.keySet());
    List<Difference.Count> all = new ArrayList<>();
    for (String name : names) {
      all.add(
          new Difference.Count(
              name,
              DURATIONS.contains(name) ? "ns" : "count",
              left.getOrDefault(name, 0L),
              right.getOrDefault(name, 0L)));
    }
    return all;
  }

  /** Finds nothing and counts on the way. */
  private record Counting(Map<String, Long> counts) implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return COUNTED.stream().anyMatch(kind -> chunk.count(kind) > 0);
    }

    @Override
    public boolean test(EventView event) {
      if (event.kind() == EventKind.IOCTL.code()) {
        counts.merge("ioctls", 1L, Long::sum);
      }
      String name = name(event);
      if (!name.isEmpty()) {
        counts.merge(name, 1L, Long::sum);
      }
      return false;
    }

    private static String name(EventView event) {
      return switch (EventKind.ofCode(event.kind())) {
        case TOUCH -> "accesses";
        case ENQUEUE -> fault(event);
        case READ -> "messages read";
        case WAKE -> "wakes";
        case IOCTL ->
            UffdIoctl.ofCode(event.detail()).name()
                + (event.errno() == 0 ? "" : " " + Errno.nameOf(event.errno()));
        case DECIDE, CALL, INSTALL, RETRY, EXIT, HOLE, KERNEL, REGION, NOTE -> "";
      };
    }

    private static String fault(EventView event) {
      FaultOrigin origin = FaultOrigin.ofCode(event.detail());
      if (origin != FaultOrigin.UFFD) {
        return origin.word() + " faults";
      }
      FaultKind kind = FaultKind.of(event.flags());
      return kind == FaultKind.UNKNOWN ? "faults of an unknown kind" : kind.id() + " faults";
    }
  }
}
