package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.Wait;
import dev.faultscope.timeline.WaitFold;
import dev.faultscope.timeline.WaitPart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stalls: one row for each time a thread waited. */
public final class FaultRows {
  /** Most rows of an answer. */
  public static final int MAX_ROWS = 1000;

  /** Rows in an order that can be passed over. */
  public static final int MAX_SKIP = 200_000;

  /** Events looked at for one answer. */
  public static final int MAX_SCAN = 1_000_000;

  /**
   * A wait.
   *
   * @param seq the ENQUEUE
   * @param origin what it waits for: uffd, stage2, kvm or host
   * @param cause what was decided before, or meanwhile; null where that is not known
   * @param readNs when a handler read it, null if none did
   * @param resolvedNs when its thread was woken, null if it was not
   * @param latencyNs from queue to wake
   * @param readToIoctlNs from the read to the call of the ioctl that woke it
   * @param ioctlNs from that call to the wake
   * @param wakeToRetryNs from the wake to the thread's next try
   * @param unattributedNs what of the wait is in none of its parts; the unread one is the fourth
   * @param ioctl what woke it
   * @param errno of that ioctl
   */
  public record Row(
      long seq,
      String origin,
      @Nullable String cause,
      @Nullable Integer actor,
      @Nullable Integer region,
      int page,
      int flags,
      long timeNs,
      @Nullable Long readNs,
      @Nullable Long resolvedNs,
      @Nullable Long latencyNs,
      @Nullable Long readToIoctlNs,
      @Nullable Long ioctlNs,
      @Nullable Long wakeToRetryNs,
      @Nullable Long unattributedNs,
      @Nullable String ioctl,
      @Nullable Integer errno) {}

  private FaultRows() {}

  /**
   * {@return the waits that begin at or after an event, oldest first}
   *
   * @param from a sequence number
   * @param limit 1 to {@value #MAX_ROWS}
   */
  public static List<Row> of(Timeline timeline, long from, int limit) {
    List<Wait> waits = new ArrayList<>();
    WaitFold fold = new WaitFold(timeline, waits::add);
    long last = Math.min(timeline.lastSequence(), Math.max(1, from) + MAX_SCAN);
    int begun = 0;
    long lastBegun = Long.MAX_VALUE;
    // Waits are told in another order than they begin.
    int counted = 0;
    int told = 0;
    for (long at = Math.max(1, from); at <= last && told < limit; at++) {
      Event event = timeline.event(at);
      if (event.kind() == EventKind.ENQUEUE && ++begun == limit) {
        lastBegun = at;
      }
      fold.add(event);
      for (; counted < waits.size(); counted++) {
        told += waits.get(counted).enqueue().sequence() <= lastBegun ? 1 : 0;
      }
    }
    fold.end();
    return waits.stream()
        .sorted(Comparator.comparingLong(wait -> wait.enqueue().sequence()))
        .limit(limit)
        .map(FaultRows::row)
        .toList();
  }

  /**
   * {@return the first waits of all, in an order}
   *
   * @param where looks at a wait's ENQUEUE, READ and WAKE, or what ended it in place of a WAKE;
   *     null for every wait
   * @param skip leaves out so many before them, 0 to {@value #MAX_SKIP}
   * @param limit 1 to {@value #MAX_ROWS}
   */
  public static List<Row> first(
      Timeline timeline, FaultOrder order, @Nullable EventPredicate where, int skip, int limit) {
    return FaultTable.first(timeline, order, where, skip, limit).stream()
        .map(FaultRows::row)
        .toList();
  }

  private static Row row(Wait wait) {
    Event enqueue = wait.enqueue();
    Event answer = wait.answer();
    return new Row(
        enqueue.sequence(),
        wait.origin().id(),
        FaultGrouping.cause(wait.reason()),
        ShownEvent.orNull(enqueue.actor()),
        ShownEvent.orNull(enqueue.region()),
        enqueue.firstPage(),
        enqueue.flags(),
        enqueue.timeNs(),
        wait.readNs(),
        wait.woken() ? wait.endNs() : null,
        wait.woken() ? wait.ns(WaitPart.LATENCY) : null,
        wait.ns(WaitPart.READ_TO_IOCTL),
        wait.ns(WaitPart.IOCTL),
        wait.ns(WaitPart.WAKE_TO_RETRY),
        wait.ns(WaitPart.UNATTRIBUTED),
        answer == null ? null : UffdIoctl.ofCode(answer.detail()).name(),
        answer == null ? null : answer.errno());
  }
}
