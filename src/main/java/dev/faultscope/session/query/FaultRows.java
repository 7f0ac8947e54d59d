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
   * A stall.
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

  private static final class Stall {
    final Event enqueue;
    @Nullable Long readNs;
    @Nullable Long wokenNs;
    @Nullable Event ioctl;

    Stall(Event enqueue) {
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
  private final List<Stall> stalls = new ArrayList<>();
  private final Map<Integer, Stall> waiting = new HashMap<>();

  private FaultRows(Timeline timeline) {
    this.timeline = timeline;
  }

  /**
   * {@return the stalls that begin at or after an event, oldest first}
   *
   * @param from a sequence number
   * @param limit 1 to {@value #MAX_ROWS}
   */
  public static List<Row> of(Timeline timeline, long from, int limit) {
    FaultRows rows = new FaultRows(timeline);
    long last = Math.min(timeline.lastSequence(), Math.max(1, from) + MAX_SCAN);
    for (long at = Math.max(1, from); at <= last; at++) {
      boolean full = rows.stalls.size() == limit;
      if (full && rows.waiting.isEmpty()) {
        break;
      }
      rows.see(timeline.event(at), full);
    }
    return rows.stalls.stream().map(Stall::row).toList();
  }

  private void see(Event event, boolean full) {
    if (event.kind() == EventKind.ENQUEUE) {
      waiting.remove(event.actor());
      if (!full) {
        Stall stall = new Stall(event);
        stalls.add(stall);
        waiting.put(event.actor(), stall);
      }
    } else if (event.kind() == EventKind.READ) {
      for (Stall stall : waiting.values()) {
        if (stall.enqueue.sequence() == event.cause()) {
          stall.readNs = event.timeNs();
        }
      }
    } else if (event.kind() == EventKind.IOCTL && event.hasPages()) {
      for (Stall stall : waiting.values()) {
        if (event.covers(stall.enqueue.region(), stall.enqueue.firstPage())) {
          stall.ioctl = event;
        }
      }
    } else if (event.kind() == EventKind.WAKE) {
      Stall stall = waiting.remove(event.actor());
      if (stall != null) {
        stall.wokenNs = event.timeNs();
        Event cause = event.cause() == 0 ? null : timeline.event(event.cause());
        if (cause != null && cause.kind() == EventKind.IOCTL) {
          stall.ioctl = cause;
        }
      }
    }
  }
}
