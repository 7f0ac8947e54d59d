package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a timeline adds up to.
 *
 * @param events events in all
 * @param faults stalls: messages that a handler read, or that still wait at the end
 * @param unreadFaults stalls that ended before a handler read their message, because another
 *     message for the page was answered
 * @param distinctPages pages on which there was a stall
 * @param faultsByThread stalls by thread id (by actor's name where it has none)
 * @param ioctls userfaultfd calls and their results, by ioctl
 * @param pagesServed pages of the filling ioctls that succeeded; what a call did before it failed
 *     is not among them
 * @param regions stalls by region
 * @param durationNs time of the last event
 * @param latency time from ENQUEUE to WAKE
 * @param readToIoctl time from READ to the CALL of the ioctl that woke the thread
 * @param ioctl time from CALL to IOCTL
 */
public record Statistics(
    long events,
    long faults,
    long unreadFaults,
    long distinctPages,
    Map<String, Long> faultsByThread,
    Map<UffdIoctl, Calls> ioctls,
    long pagesServed,
    List<OfRegion> regions,
    long durationNs,
    LatencyHistogram latency,
    LatencyHistogram readToIoctl,
    LatencyHistogram ioctl) {

  /**
   * Calls of one ioctl by result.
   *
   * @param calls calls that returned
   * @param ok those that succeeded
   * @param eexist those that found the page there already
   * @param eagain those that are to be repeated
   * @param other those that failed otherwise
   */
  public record Calls(long calls, long ok, long eexist, long eagain, long other) {
    private static final Calls NONE = new Calls(0, 0, 0, 0, 0);

    private Calls plus(int errno) {
      boolean exists = errno == Errno.EEXIST.number();
      boolean again = errno == Errno.EAGAIN.number();
      return new Calls(
          calls + 1,
          ok + (errno == 0 ? 1 : 0),
          eexist + (exists ? 1 : 0),
          eagain + (again ? 1 : 0),
          other + (errno != 0 && !exists && !again ? 1 : 0));
    }
  }

  /** Stalls and pages with stalls of one region. */
  public record OfRegion(Region region, long faults, long distinctPages) {}

  /** {@return the statistics of everything a timeline holds now} */
  public static Statistics of(Timeline timeline) {
    Folding folding = new Folding(timeline);
    long last = timeline.lastSequence();
    for (long sequence = 1; sequence <= last; sequence++) {
      folding.add(timeline.event(sequence));
    }
    return folding.result(last);
  }

  /** Adds up events one by one. */
  private static final class Folding {
    private final Timeline timeline;
    private final WaitFold waits;
    private final Map<Integer, long[]> byActor = new HashMap<>();
    private final Map<UffdIoctl, Calls> ioctls = new EnumMap<>(UffdIoctl.class);
    private final Map<Integer, PageSet> pages = new HashMap<>();
    private final Map<Integer, long[]> byRegion = new HashMap<>();
    private final Map<Integer, Event> calls = new HashMap<>();
    private final LatencyHistogram latency = new LatencyHistogram();
    private final LatencyHistogram readToIoctl = new LatencyHistogram();
    private final LatencyHistogram ioctl = new LatencyHistogram();
    private long faults;
    private long unread;
    private long pagesServed;

    Folding(Timeline timeline) {
      this.timeline = timeline;
      waits = new WaitFold(timeline, this::add);
    }

    void add(Event event) {
      waits.add(event);
      switch (event.kind()) {
        case ENQUEUE -> {
          if (event.hasPages()) {
            pages.computeIfAbsent(event.region(), _ -> new PageSet()).add(event.firstPage());
          }
        }
        case CALL -> {
          if (!event.is(EventFlags.CONTINUED)) {
            calls.put(event.actor(), event);
          }
        }
        case IOCTL -> {
          if (event.errno() == 0 && UffdIoctl.ofCode(event.detail()).fills()) {
            pagesServed += event.pageCount();
          }
          if (!event.is(EventFlags.CONTINUED)) {
            answer(event);
          }
        }
        case READ, WAKE, TOUCH, DECIDE, INSTALL, RETRY, EXIT, HOLE, KERNEL, REGION, NOTE -> {}
      }
    }

    private void answer(Event event) {
      Event call = calls.get(event.actor());
      if (call != null && call.sequence() == event.cause()) {
        ioctl.add(event.timeNs() - call.timeNs());
      }
      ioctls.merge(
          UffdIoctl.ofCode(event.detail()),
          Calls.NONE.plus(event.errno()),
          (sum, one) -> sum.plus(event.errno()));
    }

    private void add(Wait wait) {
      Long latencyNs = wait.ns(WaitPart.LATENCY);
      if (latencyNs != null) {
        latency.add(latencyNs);
        if (wait.readNs() == null) {
          unread++;
          return;
        }
      }
      faults++;
      byActor.computeIfAbsent(wait.enqueue().actor(), key -> new long[1])[0]++;
      byRegion.computeIfAbsent(wait.enqueue().region(), key -> new long[1])[0]++;
      Long toIoctl = wait.ns(WaitPart.READ_TO_IOCTL);
      if (toIoctl != null) {
        readToIoctl.add(toIoctl);
      }
    }

    Statistics result(long last) {
      waits.end();
      List<OfRegion> regions = new ArrayList<>();
      long distinct = 0;
      for (Region region : timeline.regions()) {
        PageSet touched = pages.get(region.index());
        long count = touched == null ? 0 : touched.size();
        distinct += count;
        long[] stalls = byRegion.get(region.index());
        regions.add(new OfRegion(region, stalls == null ? 0 : stalls[0], count));
      }
      Map<String, Long> byThread = new TreeMap<>();
      List<Actor> actors = timeline.actors();
      byActor.forEach(
          (actor, count) -> {
            boolean known = actor < actors.size();
            String thread =
                !known
                    ? "unknown"
                    : actors.get(actor).tid() >= 0
                        ? String.valueOf(actors.get(actor).tid())
                        : actors.get(actor).label();
            byThread.merge(thread, count[0], Long::sum);
          });
      return new Statistics(
          last,
          faults,
          unread,
          distinct,
          byThread,
          ioctls,
          pagesServed,
          regions,
          timeline.endNs(),
          latency,
          readToIoctl,
          ioctl);
    }
  }
}
