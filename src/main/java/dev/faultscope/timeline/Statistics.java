package dev.faultscope.timeline;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Actor;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.PageState;
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
 * <p>Faults, pages, threads, regions and times are those of one origin: {@link #origin}.
 *
 * @param events events in all
 * @param origin what the faults counted here wait for: a userfaultfd where the recording has one;
 *     else KVM's stage 2, else KVM's own accesses, else the host
 * @param faultsByOrigin faults of each origin. Beside a userfaultfd, accesses that the kernel
 *     resolved by itself are counted as faults of their origin although no wait is told of them
 * @param faultsByCause faults by the decision that had them wait, or that the kernel took meanwhile
 * @param leaves stage-2 entries that a fault set where none was
 * @param zappedPages pages taken from stage 2
 * @param mmioExits exits to the VMM for device memory
 * @param faults stalls: messages that a handler read, or that still wait at the end; of another
 *     origin every fault
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
    FaultOrigin origin,
    Map<FaultOrigin, Long> faultsByOrigin,
    Map<DecideReason, Long> faultsByCause,
    Leaves leaves,
    long zappedPages,
    long mmioExits,
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

  /** Stage-2 entries by their size. */
  public record Leaves(long small, long of2M, long of1G) {
    private static final Leaves NONE = new Leaves(0, 0, 0);

    private Leaves plus(int state) {
      boolean is1G = (state & PageState.LEAF_1G) != 0;
      boolean is2M = (state & PageState.LEAF_2M) != 0;
      return new Leaves(
          small + (is1G || is2M ? 0 : 1), of2M + (is2M ? 1 : 0), of1G + (is1G ? 1 : 0));
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

  /** The faults of one origin. */
  private static final class Sums {
    final Map<Integer, long[]> byActor = new HashMap<>();
    final Map<Integer, PageSet> pages = new HashMap<>();
    final Map<Integer, long[]> byRegion = new HashMap<>();
    final Map<Integer, long[]> byCause = new HashMap<>();
    final LatencyHistogram latency = new LatencyHistogram();
    final LatencyHistogram readToIoctl = new LatencyHistogram();
    long faults;
    long unread;

    void add(Wait wait) {
      Long latencyNs = wait.ns(WaitPart.LATENCY);
      if (latencyNs != null) {
        latency.add(latencyNs);
        if (wait.isUnread()) {
          unread++;
          return;
        }
      }
      faults++;
      byActor.computeIfAbsent(wait.enqueue().actor(), key -> new long[1])[0]++;
      byRegion.computeIfAbsent(wait.enqueue().region(), key -> new long[1])[0]++;
      byCause.computeIfAbsent(wait.reason(), key -> new long[1])[0]++;
      Long toIoctl = wait.ns(WaitPart.READ_TO_IOCTL);
      if (toIoctl != null) {
        readToIoctl.add(toIoctl);
      }
    }
  }

  /** Adds up events one by one. */
  private static final class Folding {
    private static final List<FaultOrigin> LEADING =
        List.of(FaultOrigin.UFFD, FaultOrigin.STAGE2, FaultOrigin.KVM, FaultOrigin.HOST);

    private final Timeline timeline;
    private final WaitFold waits;
    private final Map<FaultOrigin, Sums> sums = new EnumMap<>(FaultOrigin.class);
    private final Map<UffdIoctl, Calls> ioctls = new EnumMap<>(UffdIoctl.class);
    private final Map<Integer, Event> calls = new HashMap<>();
    private final Map<Integer, Event> decisions = new HashMap<>();
    private final Map<Integer, Integer> touches = new HashMap<>();
    private final LatencyHistogram ioctl = new LatencyHistogram();
    private Leaves leaves = Leaves.NONE;
    private long pagesServed;
    private long zapped;
    private long mmioExits;
    private final Map<FaultOrigin, Long> unwaited = new EnumMap<>(FaultOrigin.class);

    Folding(Timeline timeline) {
      this.timeline = timeline;
      waits = new WaitFold(timeline, wait -> sums(wait.origin()).add(wait));
    }

    private Sums sums(FaultOrigin origin) {
      return sums.computeIfAbsent(origin, _ -> new Sums());
    }

    void add(Event event) {
      waits.add(event);
      switch (event.kind()) {
        case ENQUEUE -> {
          if (event.hasPages()) {
            sums(FaultOrigin.ofCode(event.detail()))
                .pages
                .computeIfAbsent(event.region(), _ -> new PageSet())
                .add(event.firstPage());
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
        case TOUCH -> touches.put(event.actor(), event.detail());
        case DECIDE -> {
          decisions.put(event.actor(), event);
          decided(event);
        }
        case INSTALL -> installed(event);
        case HOLE -> {
          if (event.detail() == HoleKind.STAGE2_ZAP.code()) {
            zapped += event.pageCount();
          }
        }
        case EXIT -> mmioExits += event.detail() == ExitReason.MMIO.code() ? 1 : 0;
        case READ, WAKE, RETRY, KERNEL, REGION, NOTE -> {}
      }
    }

    /** An access of a trace that met no userfaultfd and of which no wait is told. */
    private void decided(Event event) {
      DecideReason reason = DecideReason.ofCode(event.detail());
      if (reason != DecideReason.OUTSIDE && reason != DecideReason.NOT_ANSWERED) {
        return;
      }
      if (isOfAWait(event)) {
        return;
      }
      AccessOrigin access = AccessOrigin.ofCode(touches.getOrDefault(event.actor(), 0));
      switch (access) {
        case STAGE2 -> unwaited.merge(FaultOrigin.STAGE2, 1L, Long::sum);
        case KVM -> unwaited.merge(FaultOrigin.KVM, 1L, Long::sum);
        case USER, KERNEL -> unwaited.merge(FaultOrigin.HOST, 1L, Long::sum);
        case UNKNOWN, VMM -> {}
      }
    }

    /** {@return whether a decision was made in a wait that is told, and counted} */
    private boolean isOfAWait(Event decision) {
      long cause = decision.cause();
      return cause != 0
          && cause <= timeline.lastSequence()
          && timeline.event(cause).kind() == EventKind.ENQUEUE;
    }

    private void installed(Event event) {
      Event decision = decisions.get(event.actor());
      if (decision == null
          || decision.sequence() != event.cause()
          || event.is(EventFlags.CONTINUED)) {
        return;
      }
      DecideReason reason = DecideReason.ofCode(decision.detail());
      if (reason == DecideReason.MAPPED_FIRST || reason == DecideReason.MAPPED_AGAIN) {
        leaves = leaves.plus(event.after());
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

    Statistics result(long last) {
      waits.end();
      FaultOrigin origin = leading();
      Sums of = sums(origin);
      List<OfRegion> regions = new ArrayList<>();
      long distinct = 0;
      for (Region region : timeline.regions()) {
        PageSet touched = of.pages.get(region.index());
        long count = touched == null ? 0 : touched.size();
        distinct += count;
        long[] stalls = of.byRegion.get(region.index());
        regions.add(new OfRegion(region, stalls == null ? 0 : stalls[0], count));
      }
      return new Statistics(
          last,
          origin,
          byOrigin(),
          byCause(of),
          leaves,
          zapped,
          mmioExits,
          of.faults,
          of.unread,
          distinct,
          byThread(of),
          ioctls,
          pagesServed,
          regions,
          timeline.endNs(),
          of.latency,
          of.readToIoctl,
          ioctl);
    }

    /** {@return the first origin that anything waited for} */
    private FaultOrigin leading() {
      for (FaultOrigin origin : LEADING) {
        Sums of = sums.get(origin);
        if (of != null && of.faults + of.unread > 0) {
          return origin;
        }
      }
      return FaultOrigin.UFFD;
    }

    private Map<FaultOrigin, Long> byOrigin() {
      Map<FaultOrigin, Long> all = new EnumMap<>(FaultOrigin.class);
      for (FaultOrigin each : LEADING) {
        Sums of = sums.get(each);
        all.put(each, (of == null ? 0 : of.faults) + unwaited.getOrDefault(each, 0L));
      }
      return all;
    }

    private static Map<DecideReason, Long> byCause(Sums of) {
      Map<DecideReason, Long> all = new EnumMap<>(DecideReason.class);
      of.byCause.forEach(
          (code, count) -> all.merge(DecideReason.ofCode(code), count[0], Long::sum));
      return all;
    }

    private Map<String, Long> byThread(Sums of) {
      Map<String, Long> byThread = new TreeMap<>();
      List<Actor> actors = timeline.actors();
      of.byActor.forEach(
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
      return byThread;
    }
  }
}
