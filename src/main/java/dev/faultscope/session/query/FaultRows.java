package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stalls: one row for each time a thread waited. */
public final class FaultRows {
  /** Most rows of an answer. */
  public static final int MAX_ROWS = 1000;

  /** Events looked at for one answer. */
  public static final int MAX_SCAN = 1_000_000;

  /**
   * A wait.
   *
   * @param seq the ENQUEUE
   * @param readNs when a handler read it, null if none did
   * @param resolvedNs when its thread was woken, null if it was not
   * @param latencyNs from queue to wake
   * @param ioctl what woke it
   * @param errno of that ioctl
   */
  public record Row(
      long seq,
      @Nullable Integer actor,
      @Nullable Integer region,
      int page,
      int flags,
      long timeNs,
      @Nullable Long readNs,
      @Nullable Long resolvedNs,
      @Nullable Long latencyNs,
      @Nullable String ioctl,
      @Nullable Integer errno) {}

  private static final class FaultWait {
    final Event enqueue;
    @Nullable Long readNs;
    @Nullable Long wokenNs;
    @Nullable Event ioctl;

    FaultWait(Event enqueue) {
      this.enqueue = enqueue;
    }

    Row row() {
      Long latency = wokenNs == null ? null : wokenNs - enqueue.timeNs();
      return new Row(
          enqueue.sequence(),
          ShownEvent.orNull(enqueue.actor()),
          ShownEvent.orNull(enqueue.region()),
          enqueue.firstPage(),
          enqueue.flags(),
          enqueue.timeNs(),
          readNs,
          wokenNs,
          latency,
          ioctl == null ? null : UffdIoctl.ofCode(ioctl.detail()).name(),
          ioctl == null ? null : ioctl.errno());
    }
  }

  private final Timeline timeline;
  private final List<FaultWait> waits = new ArrayList<>();
  private final Map<Integer, FaultWait> waiting = new HashMap<>();

  /** Who was woken by a call that has not returned yet, by the call. */
  private final Map<Long, List<FaultWait>> returning = new HashMap<>();

  private FaultRows(Timeline timeline) {
    this.timeline = timeline;
  }

  /**
   * {@return the waits that begin at or after an event, oldest first}
   *
   * @param from a sequence number
   * @param limit 1 to {@value #MAX_ROWS}
   */
  public static List<Row> of(Timeline timeline, long from, int limit) {
    FaultRows rows = new FaultRows(timeline);
    long last = Math.min(timeline.lastSequence(), Math.max(1, from) + MAX_SCAN);
    for (long at = Math.max(1, from); at <= last; at++) {
      boolean full = rows.waits.size() == limit;
      if (full && rows.waiting.isEmpty() && rows.returning.isEmpty()) {
        break;
      }
      rows.see(timeline.event(at), full);
    }
    return rows.waits.stream().map(FaultWait::row).toList();
  }

  private void see(Event event, boolean full) {
    if (event.kind() == EventKind.ENQUEUE) {
      waiting.remove(event.actor());
      if (!full) {
        FaultWait wait = new FaultWait(event);
        waits.add(wait);
        waiting.put(event.actor(), wait);
      }
    } else if (event.kind() == EventKind.READ) {
      for (FaultWait wait : waiting.values()) {
        if (wait.enqueue.sequence() == event.cause()) {
          wait.readNs = event.timeNs();
        }
      }
    } else if (event.kind() == EventKind.IOCTL && event.hasPages()) {
      List<FaultWait> woken = returning.remove(event.cause());
      if (woken != null) {
        woken.forEach(wait -> wait.ioctl = event);
      }
      for (FaultWait wait : waiting.values()) {
        if (event.covers(wait.enqueue.region(), wait.enqueue.firstPage())) {
          wait.ioctl = event;
        }
      }
    } else if (event.kind() == EventKind.WAKE) {
      FaultWait wait = waiting.remove(event.actor());
      if (wait != null) {
        wait.wokenNs = event.timeNs();
        Event cause = event.cause() == 0 ? null : timeline.event(event.cause());
        if (cause != null && cause.kind() == EventKind.CALL) {
          // It says which ioctl it is; its errno comes with its return.
          returning.computeIfAbsent(cause.sequence(), call -> new ArrayList<>()).add(wait);
        }
        if (cause != null && (cause.kind() == EventKind.CALL || cause.kind() == EventKind.IOCTL)) {
          wait.ioctl = cause;
        }
      }
    }
  }
}
