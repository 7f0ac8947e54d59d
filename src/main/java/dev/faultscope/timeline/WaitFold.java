package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.KernelEventKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Follows the waits of a stretch of events, each from its ENQUEUE to what the recording tells of
 * its end. A wait is told once nothing more can be told of it, so not in the order they began.
 *
 * <p>Bounded by the actors: a thread waits for one fault at a time.
 */
public final class WaitFold {
  /** A wait that goes on, or of which more may be told. */
  private static final class Open {
    final Event enqueue;
    boolean wanted;
    int handler = Event.NONE;
    @Nullable Long readNs;
    @Nullable Long callNs;
    @Nullable Long endNs;
    boolean woken;
    @Nullable Long retryNs;
    @Nullable Event answer;
    boolean returns;
    boolean goneOn;
    int reason;

    Open(Event enqueue, int reason) {
      this.enqueue = enqueue;
      this.reason = reason;
    }

    boolean isOver() {
      return endNs != null && goneOn && !returns;
    }

    Wait told() {
      return new Wait(enqueue, handler, readNs, callNs, endNs, woken, retryNs, answer, reason);
    }
  }

  /** An actor's latest call; kernels tell a wake within it, traces behind it. */
  private record Call(Event enter, @Nullable Event returned) {
    boolean isNamedBy(long cause) {
      return cause != 0
          && (cause == enter.sequence() || returned != null && cause == returned.sequence());
    }
  }

  private final Timeline timeline;
  private final LongPredicate wanted;
  private final LongPredicate ended;
  private final Consumer<Wait> told;
  private final Map<Integer, Open> open = new HashMap<>();
  private final Map<Integer, Call> calls = new HashMap<>();

  /**
   * Tells every wait.
   *
   * @param timeline whose events they are
   */
  public WaitFold(Timeline timeline, Consumer<Wait> told) {
    this(timeline, _ -> true, told);
  }

  /**
   * Tells the waits of which an event is wanted: the ENQUEUE, READ or WAKE.
   *
   * @param timeline whose events they are
   * @param wanted whether an event is, by its sequence number; asked in the order of the events
   * @param told gets each wait
   */
  public WaitFold(Timeline timeline, LongPredicate wanted, Consumer<Wait> told) {
    this(timeline, wanted, _ -> false, told);
  }

  /**
   * Tells the waits of which an event is wanted: the ENQUEUE, READ or WAKE, or the ENQUEUE of the
   * same actor that ended one without a WAKE.
   *
   * @param timeline whose events they are
   * @param wanted whether an event is, by its sequence number; asked in the order of the events
   * @param ended whether an ENQUEUE is, for the wait that it ends; likewise
   * @param told gets each wait
   */
  public WaitFold(
      Timeline timeline, LongPredicate wanted, LongPredicate ended, Consumer<Wait> told) {
    this.timeline = timeline;
    this.wanted = wanted;
    this.ended = ended;
    this.told = told;
  }

  /** {@return whether any wait is not told yet} */
  public boolean isWaiting() {
    return !open.isEmpty();
  }

  /** The next event. */
  public void add(Event event) {
    switch (event.kind()) {
      case ENQUEUE -> enqueue(event);
      case READ -> read(event);
      case WAKE -> wake(event);
      case CALL -> {
        if (!event.is(EventFlags.CONTINUED)) {
          calls.put(event.actor(), new Call(event, null));
        }
        goOn(event);
      }
      case IOCTL -> {
        answer(event);
        goOn(event);
      }
      case RETRY -> retry(event);
      case DECIDE, KERNEL -> {
        inKernel(event);
        goOn(event);
      }
      case TOUCH, INSTALL, EXIT, HOLE, REGION, NOTE -> goOn(event);
    }
  }

  /** Tells what is left: there are no more events. */
  public void end() {
    untold().forEach(told);
    open.clear();
  }

  /** {@return what is told of the waits that go on or of which more may be told, oldest first} */
  public List<Wait> untold() {
    return open.values().stream()
        .filter(wait -> wait.wanted)
        .map(Open::told)
        .sorted(Comparator.comparingLong(wait -> wait.enqueue().sequence()))
        .toList();
  }

  private void enqueue(Event event) {
    Open before = open.remove(event.actor());
    if (before != null) {
      if (before.endNs == null) {
        before.endNs = event.timeNs();
        before.wanted |= ended.test(event.sequence());
      }
      tell(before);
    }
    Open wait = new Open(event, reasonOf(event));
    wait.wanted = wanted.test(event.sequence());
    open.put(event.actor(), wait);
  }

  /** The decision that had the thread wait; where the kernel decides in the wait, not yet known. */
  private int reasonOf(Event enqueue) {
    long cause = enqueue.cause();
    if (cause == 0 || cause > timeline.lastSequence()) {
      return Wait.UNKNOWN;
    }
    Event by = timeline.event(cause);
    return by.kind() == EventKind.DECIDE ? by.detail() : Wait.UNKNOWN;
  }

  /** What the kernel does while one of its own threads waits for it. */
  private void inKernel(Event event) {
    Open wait = open.get(event.actor());
    if (wait == null || wait.endNs != null || event.cause() != wait.enqueue.sequence()) {
      return;
    }
    if (event.kind() == EventKind.DECIDE) {
      wait.reason = event.detail();
    } else if (wait.callNs == null && event.detail() == KernelEventKind.HOST_PAGE.code()) {
      wait.callNs = event.timeNs();
    }
  }

  private void read(Event event) {
    for (Open wait : open.values()) {
      if (wait.enqueue.sequence() == event.cause()) {
        if (wait.readNs == null && wait.endNs == null) {
          wait.readNs = event.timeNs();
          wait.handler = event.actor();
          wait.wanted |= wanted.test(event.sequence());
        }
        return;
      }
    }
  }

  private void wake(Event event) {
    Open wait = open.get(event.actor());
    if (wait == null || wait.endNs != null) {
      return;
    }
    wait.endNs = event.timeNs();
    wait.woken = true;
    wait.wanted |= wanted.test(event.sequence());
    long cause = callOf(event);
    for (Call call : calls.values()) {
      if (call.isNamedBy(cause)) {
        wait.callNs = call.enter.timeNs();
        wait.returns = call.returned == null;
        wait.answer = wait.returns ? call.enter : call.returned;
      }
    }
  }

  /** The call or return that woke a thread: traces name the pages it put there. */
  private long callOf(Event wake) {
    long cause = wake.cause();
    if (cause == 0 || cause > timeline.lastSequence()) {
      return 0;
    }
    Event by = timeline.event(cause);
    return by.kind() == EventKind.INSTALL ? by.cause() : cause;
  }

  private void answer(Event event) {
    Call call = calls.get(event.actor());
    boolean returns =
        call != null && call.enter.sequence() == event.cause() && call.returned == null;
    if (call != null && returns) {
      calls.put(event.actor(), new Call(call.enter, event));
    }
    List<Open> over = List.of();
    for (Open wait : open.values()) {
      if (call != null && returns && wait.returns && wait.answer == call.enter) {
        wait.answer = event;
        wait.returns = false;
        if (wait.isOver()) {
          over = over.isEmpty() ? new ArrayList<>() : over;
          over.add(wait);
        }
      } else if (wait.endNs == null
          && event.hasPages()
          && event.covers(wait.enqueue.region(), wait.enqueue.firstPage())) {
        wait.answer = event;
      }
    }
    over.forEach(this::tellIfOver);
  }

  private void retry(Event event) {
    Open wait = open.get(event.actor());
    if (wait != null && wait.endNs != null && wait.retryNs == null && !wait.goneOn) {
      wait.retryNs = event.timeNs();
    }
    goOn(event);
  }

  /** Its thread does something else: there will be no retry any more. */
  private void goOn(Event event) {
    Open wait = open.get(event.actor());
    // The scheduler's events lie between a wake and what the thread does then.
    if (wait != null && wait.endNs != null && event.kind() != EventKind.KERNEL) {
      wait.goneOn = true;
      tellIfOver(wait);
    }
  }

  private void tellIfOver(Open wait) {
    if (wait.isOver()) {
      open.remove(wait.enqueue.actor());
      tell(wait);
    }
  }

  private void tell(Open wait) {
    if (wait.wanted) {
      told.accept(wait.told());
    }
  }
}
