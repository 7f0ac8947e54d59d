package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.Wait;
import dev.faultscope.timeline.WaitPart;
import dev.faultscope.timeline.Waits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who answered whom in a window of time: of each fault that waited in it, the ioctl that woke its
 * thread and the wake. By the events themselves; what the recording does not tell is null.
 *
 * @param toNs end of the window, not in it
 * @param faults how many waited at some time of the window
 * @param all whether all of them are told; else only the one asked about is
 * @param about the ENQUEUE of the fault asked about, null where the event is of none
 * @param told oldest first; the one asked about is among them wherever in time it is
 */
public record FaultArrows(
    long fromNs, long toNs, long faults, boolean all, @Nullable Long about, List<Told> told) {
  /** Most faults told of a window. */
  public static final int MAX_FAULTS = 1000;

  /** Events looked at for a wake among those of the same instant. */
  private static final int MAX_SCAN = 100_000;

  /**
   * A fault.
   *
   * @param seq its ENQUEUE
   * @param actor who waited
   * @param page within the region
   * @param timeNs when it was queued
   * @param inferred whether the source does not contain that
   * @param ioctl the call that woke the thread
   * @param call where that was entered
   * @param wake where the thread was woken
   */
  public record Told(
      long seq,
      @Nullable Integer actor,
      @Nullable Integer region,
      int page,
      long timeNs,
      boolean inferred,
      @Nullable String ioctl,
      @Nullable End call,
      @Nullable End wake) {}

  /**
   * The end of an arrow.
   *
   * @param actor whose lane it is in
   * @param inferred whether the source does not contain the event
   */
  public record End(long seq, @Nullable Integer actor, long timeNs, boolean inferred) {}

  /**
   * {@return the faults of a window, or one alone where there are more than can be drawn}
   *
   * @param fromNs start of the window
   * @param toNs end of the window, after its start
   * @param limit most faults that are told, 0 to {@value #MAX_FAULTS}
   * @param about an event of the fault that is told in any case, 0 for none
   */
  public static FaultArrows of(Timeline timeline, long fromNs, long toNs, int limit, long about) {
    long asked = about == 0 ? 0 : faultOf(timeline, about);
    Waits waits = timeline.waits();
    List<Long> inWindow = new ArrayList<>();
    long faults = 0;
    long askedWait = -1;
    for (long wait = 0; wait < waits.size(); wait++) {
      boolean isAsked = asked != 0 && waits.enqueue(wait) == asked;
      askedWait = isAsked ? wait : askedWait;
      if (isIn(waits, wait, fromNs, toNs)) {
        faults++;
        if (faults <= limit && !isAsked) {
          inWindow.add(wait);
        }
      }
    }
    boolean all = faults <= limit;
    List<Long> told = new ArrayList<>(all ? inWindow : List.of());
    if (askedWait >= 0) {
      told.add(askedWait);
    }
    return new FaultArrows(
        fromNs,
        toNs,
        faults,
        all,
        askedWait < 0 ? null : asked,
        told.stream()
            .map(wait -> told(timeline, waits.at(wait)))
            .sorted(Comparator.comparingLong(Told::seq))
            .toList());
  }

  /** What has not ended goes on for as long as the recording does. */
  private static boolean isIn(Waits waits, long wait, long fromNs, long toNs) {
    long queued = waits.enqueuedNs(wait);
    if (queued >= toNs) {
      return false;
    }
    if (queued >= fromNs || !waits.isOver(wait)) {
      return true;
    }
    long latency = waits.ns(WaitPart.LATENCY, wait);
    return latency != WaitPart.UNTOLD && queued + latency >= fromNs;
  }

  private static long faultOf(Timeline timeline, long about) {
    Event enqueue = StoryEvents.of(timeline, about).enqueue();
    return enqueue == null ? 0 : enqueue.sequence();
  }

  private static Told told(Timeline timeline, Wait wait) {
    Event enqueue = wait.enqueue();
    // Only a call that the wake names has a time here: another that covered the page is a guess.
    Event call = wait.woken() && wait.callNs() != null ? callOf(timeline, wait) : null;
    Event wake = wait.woken() ? wakeOf(timeline, wait) : null;
    return new Told(
        enqueue.sequence(),
        ShownEvent.orNull(enqueue.actor()),
        enqueue.hasPages() ? ShownEvent.orNull(enqueue.region()) : null,
        enqueue.firstPage(),
        enqueue.timeNs(),
        enqueue.is(EventFlags.INFERRED),
        call == null ? null : UffdIoctl.ofCode(call.detail()).name(),
        end(call),
        end(wake));
  }

  private static @Nullable End end(@Nullable Event event) {
    return event == null
        ? null
        : new End(
            event.sequence(),
            ShownEvent.orNull(event.actor()),
            event.timeNs(),
            event.is(EventFlags.INFERRED));
  }

  private static @Nullable Event callOf(Timeline timeline, Wait wait) {
    Event answer = wait.answer();
    if (answer == null || answer.kind() == EventKind.CALL) {
      return answer;
    }
    return answer.cause() == 0 ? null : timeline.event(answer.cause());
  }

  private static @Nullable Event wakeOf(Timeline timeline, Wait wait) {
    Long endNs = wait.endNs();
    if (endNs == null) {
      return null;
    }
    long first = Math.max(wait.enqueue().sequence(), timeline.sequenceAt(endNs - 1)) + 1;
    long last = Math.min(timeline.lastSequence(), first + MAX_SCAN);
    for (long at = first; at <= last; at++) {
      Event event = timeline.event(at);
      if (event.timeNs() > endNs) {
        return null;
      }
      if (event.kind() == EventKind.WAKE && event.actor() == wait.enqueue().actor()) {
        return event;
      }
    }
    return null;
  }
}
