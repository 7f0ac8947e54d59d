package dev.faultscope.session.query;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.timeline.ChunkSummary;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.EventView;
import dev.faultscope.timeline.PageHistory;
import dev.faultscope.timeline.Search.Direction;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The events of one fault: back from any of them along the causes to the access, then on until its
 * thread does something else.
 */
final class StoryEvents {
  /** Events looked at after the access. */
  static final int MAX_SCAN = 1_000_000;

  /** Where nobody's access began it, its end cannot be seen: so far is looked. */
  private static final int MAX_SCAN_WITHOUT_THREAD = 10_000;

  private static final int MAX_CHAIN = 64;

  private final Timeline timeline;
  private final List<Actor> actors;
  private final TreeMap<Long, Event> found = new TreeMap<>();
  private final Set<Long> openCalls = new HashSet<>();

  /** The first event of each actor's latest call: a call is told range by range. */
  private final Map<Integer, Long> calls = new HashMap<>();

  /** Of calls whose first range is another page's: the range told here, by that first event. */
  private final Map<Long, Long> ranges = new HashMap<>();

  private final List<Event> alsoWoken = new ArrayList<>();
  private final Event asked;
  private final Event root;
  private final int thread;

  private @Nullable Event enqueue;
  private @Nullable Event exit;
  private @Nullable Event foreignRead;
  private @Nullable Event again;
  private boolean woken;
  private boolean retried;
  private boolean goneOn;
  private boolean cut;
  private long last;

  private StoryEvents(Timeline timeline, long sequence) {
    this.timeline = timeline;
    actors = timeline.actors();
    asked = timeline.event(sequence);
    List<Event> chain = backToTheAccess();
    root = chain.getLast();
    chain.forEach(this::take);
    boolean accessed =
        chain.stream()
            .anyMatch(
                event ->
                    switch (event.kind()) {
                      case TOUCH, RETRY, ENQUEUE -> true;
                      case DECIDE,
                          READ,
                          CALL,
                          IOCTL,
                          INSTALL,
                          WAKE,
                          EXIT,
                          HOLE,
                          KERNEL,
                          REGION,
                          NOTE ->
                          false;
                    });
    Event enqueued = enqueue;
    thread = !accessed ? Event.NONE : enqueued != null ? enqueued.actor() : root.actor();
  }

  /**
   * {@return the events of the fault that an event belongs to}
   *
   * @throws IndexOutOfBoundsException if there is no such event
   */
  static StoryEvents of(Timeline timeline, long sequence) {
    StoryEvents story = new StoryEvents(timeline, sequence);
    story.goOn();
    story.takeAsked();
    return story;
  }

  Collection<Event> events() {
    return found.values();
  }

  /** {@return what led to one of them, itself where that is not told} */
  Event causeOf(Event event) {
    Event cause = found.get(ranges.getOrDefault(event.cause(), event.cause()));
    return cause == null ? event : cause;
  }

  /** {@return whether the recording says what led to it, or that it is a part of the wait} */
  boolean isLinked(Event event) {
    return event.cause() != 0
        || event.sequence() == root.sequence()
        || isNested() && event.actor() == thread;
  }

  int thread() {
    return thread;
  }

  @Nullable Event enqueue() {
    return enqueue;
  }

  @Nullable Event exit() {
    return exit;
  }

  boolean isWoken() {
    return woken;
  }

  boolean isRetried() {
    return retried;
  }

  /** {@return the first event: the access where it is told} */
  Event root() {
    return root;
  }

  /** {@return the message that the call which woke the thread was an answer to, if not its own} */
  @Nullable Event foreignRead() {
    return foreignRead;
  }

  /** {@return where the same access waits or leaves the guest again} */
  @Nullable Event again() {
    return again;
  }

  /** {@return wakes of other threads by the same calls} */
  List<Event> alsoWoken() {
    return alsoWoken;
  }

  /** {@return the event looked at last} */
  long last() {
    return last;
  }

  /** {@return what the fault waits for; a userfaultfd where nobody waited} */
  FaultOrigin origin() {
    Event waiting = enqueue;
    return waiting == null ? FaultOrigin.UFFD : FaultOrigin.ofCode(waiting.detail());
  }

  /** {@return whether the kernel itself is waited for} */
  private boolean isNested() {
    return origin() != FaultOrigin.UFFD;
  }

  /** {@return why it was over, {@link DecideReason#UNKNOWN} where that is not told} */
  DecideReason decision() {
    return found.values().stream()
        .filter(event -> event.kind() == EventKind.DECIDE && isAfterTheBegin(event))
        .reduce((_, last) -> last)
        .map(event -> DecideReason.ofCode(event.detail()))
        .orElse(DecideReason.UNKNOWN);
  }

  private boolean isAfterTheBegin(Event event) {
    return enqueue != null && event.sequence() > enqueue.sequence();
  }

  /**
   * {@return the last event by which stage 2 lost the page before the fault, null for none told}
   */
  @Nullable Event takenAwayBefore() {
    return lastBefore(
        event ->
            event.kind() == EventKind.HOLE.code() && event.detail() == HoleKind.STAGE2_ZAP.code());
  }

  /**
   * {@return the last event before the fault that had stage 2 refuse writes, null for none told}
   */
  @Nullable Event protectedBefore() {
    return lastBefore(event -> (event.after() & ~event.before() & PageState.STAGE2_READ_ONLY) != 0);
  }

  private @Nullable Event lastBefore(Predicate<EventView> wanted) {
    Event waiting = enqueue;
    if (waiting == null || !waiting.hasPages()) {
      return null;
    }
    return hit(
        timeline
            .search()
            .find(
                new OnPage(waiting.region(), waiting.firstPage(), wanted),
                waiting.sequence() - 1,
                Direction.BACKWARD));
  }

  /** {@return the fault of the same thread that came next, if it is on the same page} */
  @Nullable Event nextOnThePage() {
    Event waiting = enqueue;
    return waiting == null ? null : ofThread(waiting.sequence() + 1, Direction.FORWARD);
  }

  /** {@return the fault of the same thread that came before, if it is on the same page} */
  @Nullable Event previousOnThePage() {
    Event waiting = enqueue;
    return waiting == null ? null : ofThread(waiting.sequence() - 1, Direction.BACKWARD);
  }

  private @Nullable Event ofThread(long from, Direction direction) {
    if (from < 1 || from > timeline.lastSequence()) {
      return null;
    }
    Event other = hit(timeline.search().find(new EnqueueOf(thread), from, direction, 1, MAX_SCAN));
    return other != null && other.hasPages() && isOnThePage(other) ? other : null;
  }

  private @Nullable Event hit(SearchResult found) {
    return found.hits().isEmpty() ? null : timeline.event(found.first());
  }

  /** {@return whether more may belong to it than was looked at} */
  boolean isCut() {
    return cut;
  }

  /** Newest first. */
  private List<Event> backToTheAccess() {
    List<Event> chain = new ArrayList<>();
    boolean queued = false;
    Event at = asked;
    while (chain.size() < MAX_CHAIN) {
      chain.add(at);
      if (at.kind() == EventKind.ENQUEUE) {
        queued = true;
      }
      boolean begins = at.kind() == EventKind.RETRY && queued;
      long before =
          begins
              ? 0
              : at.kind() == EventKind.WAKE || at.kind() == EventKind.RETRY && at.cause() == 0
                  ? waitOf(at)
                  : at.cause();
      if (before == 0 && !begins) {
        before = exitBefore(at);
      }
      if (before == 0) {
        break;
      }
      at = timeline.event(before);
    }
    return chain;
  }

  /**
   * {@return the exit that an event answers which nothing is told to have led to, 0 for none}: the
   * last one on its page, unless the page was accessed since
   */
  private long exitBefore(Event event) {
    boolean answers =
        switch (event.kind()) {
          case TOUCH, CALL, INSTALL, KERNEL -> event.hasPages();
          case DECIDE, ENQUEUE, READ, IOCTL, WAKE, RETRY, EXIT, HOLE, REGION, NOTE -> false;
        };
    if (!answers) {
      return 0;
    }
    for (Event past :
        PageHistory.of(timeline, event.region(), event.firstPage(), event.sequence() - 1, MAX_CHAIN)
            .events()) {
      switch (past.kind()) {
        case EXIT -> {
          boolean others = event.kind() == EventKind.TOUCH && event.actor() != past.actor();
          return leavesToTheVmm(past) && !others ? past.sequence() : 0;
        }
        case TOUCH, RETRY, ENQUEUE -> {
          return 0;
        }
        case DECIDE, READ, CALL, IOCTL, INSTALL, WAKE, HOLE, KERNEL, REGION, NOTE -> {}
      }
    }
    return 0;
  }

  /**
   * {@return the ENQUEUE of the wait that a wake or a retry is of; its cause if that is unknown}
   */
  private long waitOf(Event event) {
    SearchResult result =
        timeline
            .search()
            .find(
                new EnqueueOf(event.actor()),
                event.sequence() - 1,
                Direction.BACKWARD,
                1,
                MAX_SCAN);
    return result.hits().isEmpty() ? event.cause() : result.first();
  }

  /** {@return the wait before the retry that began this one, 0 for none} */
  long waitBefore() {
    return root.kind() == EventKind.RETRY && enqueue != null ? waitOf(root) : 0;
  }

  private void take(Event event) {
    found.put(event.sequence(), event);
    switch (event.kind()) {
      case ENQUEUE -> enqueue = event;
      case CALL -> {
        long first = calls.getOrDefault(event.actor(), event.sequence());
        if (event.is(EventFlags.CONTINUED) && !found.containsKey(first)) {
          ranges.put(first, event.sequence());
        }
        openCalls.add(first);
      }
      case IOCTL -> openCalls.remove(event.cause());
      case WAKE -> woken |= endsTheWait(event);
      case RETRY -> retried |= enqueue != null && event.sequence() > enqueue.sequence();
      case EXIT -> {
        if (leavesToTheVmm(event) && !isNested()) {
          exit = event;
        }
      }
      // After an exit there is no retry: the guest runs the access as if it were the first time.
      case TOUCH -> retried |= exit != null && event.actor() == exit.actor();
      case DECIDE, READ, INSTALL, HOLE, KERNEL, REGION, NOTE -> {}
    }
  }

  /** A trace may tell late that the thread was woken from the wait before. */
  private boolean endsTheWait(Event wake) {
    Event waiting = enqueue;
    return wake.kind() == EventKind.WAKE
        && waiting != null
        && wake.actor() == waiting.actor()
        && wake.sequence() > waiting.sequence();
  }

  private static boolean leavesToTheVmm(Event event) {
    return switch (ExitReason.ofCode(event.detail())) {
      case MEMORY_FAULT, MMIO, ERROR -> true;
      case UNKNOWN,
          EXCEPTION,
          IO,
          DEBUG,
          HLT,
          SHUTDOWN,
          FAIL_ENTRY,
          INTR,
          INTERNAL_ERROR,
          STAGE2_FAULT,
          INTERRUPT,
          STAGE2_MISCONFIG,
          MMIO_ACCESS,
          ENTRY,
          RESTART ->
          false;
    };
  }

  private void goOn() {
    // What the chain took from behind the access is met again on the way, in its order.
    woken = false;
    retried = false;
    exit = null;
    openCalls.clear();
    long end = timeline.lastSequence();
    long limit =
        root.sequence() + (thread == Event.NONE ? MAX_SCAN_WITHOUT_THREAD : (long) MAX_SCAN);
    last = root.sequence();
    for (long at = root.sequence(); at <= end && !isOver(); at++) {
      if (at > limit || found.size() >= FaultStory.MAX_STEPS) {
        cut = true;
        return;
      }
      follow(timeline.event(at));
      last = at;
    }
  }

  private boolean isOver() {
    return again != null || goneOn && openCalls.isEmpty();
  }

  private void follow(Event event) {
    if (event.kind() == EventKind.CALL && !event.is(EventFlags.CONTINUED)) {
      calls.put(event.actor(), event.sequence());
    }
    if (found.containsKey(event.sequence())) {
      if (endsTheWait(event)) {
        pull(event);
      }
      take(event);
    } else if (beginsAgain(event)) {
      again = event;
    } else if (belongs(event)) {
      pull(event);
      take(event);
    } else if (event.actor() == thread && thread != Event.NONE) {
      // A wake is not its doing; the scheduler's events lie before what it does then.
      boolean does = event.kind() != EventKind.WAKE && event.kind() != EventKind.KERNEL;
      goneOn |= does && (enqueue == null || woken);
    }
  }

  private boolean beginsAgain(Event event) {
    if (event.actor() != thread || thread == Event.NONE) {
      return false;
    }
    Event waiting = enqueue;
    return event.kind() == EventKind.ENQUEUE
            && waiting != null
            && event.sequence() > waiting.sequence()
        || event.kind() == EventKind.EXIT && leavesToTheVmm(event) && exit != null;
  }

  private boolean belongs(Event event) {
    boolean linked = isHere(event.cause());
    boolean own = event.actor() == thread && thread != Event.NONE;
    return switch (event.kind()) {
      case WAKE -> {
        if (own || thread == Event.NONE) {
          yield thread == Event.NONE ? linked : !woken && endsTheWait(event);
        }
        if (linked) {
          alsoWoken.add(event);
        }
        yield false;
      }
      case RETRY -> own && woken && !retried;
      case ENQUEUE -> linked && own;
      case READ -> linked && enqueue != null && event.cause() == enqueue.sequence();
      case IOCTL ->
          linked
              && (isOnThePage(event)
                  || found.containsKey(event.cause()) && !event.is(EventFlags.CONTINUED));
      case TOUCH -> own && exit != null && !retried && isOnThePage(event);
      case DECIDE -> linked && (own || thread == Event.NONE);
      case EXIT ->
          linked && (own || thread == Event.NONE) || isMeanwhile(event) && leavesToTheVmm(event);
      // KVM's own thread undoes entries in the middle of a fault, and of many pages.
      case KERNEL ->
          isMeanwhile(event) && undoes(event)
              || linked && (own || isOnThePage(event))
              || followsTheExit(event);
      case INSTALL, HOLE ->
          linked && (own && !isNested() || isOnThePage(event)) || followsTheExit(event);
      case CALL -> linked && (own || isOnThePage(event)) || followsTheExit(event);
      case REGION, NOTE -> linked;
    };
  }

  /** What the thread does in the kernel that it waits for. */
  private boolean isMeanwhile(Event event) {
    return isNested() && !woken && event.actor() == thread && isAfterTheBegin(event);
  }

  private static boolean undoes(Event event) {
    return KernelEventKind.ofCode(event.detail()).undoesStageTwo();
  }

  /** After an exit, what makes the page fit for the next try is not told as its consequence. */
  private boolean followsTheExit(Event event) {
    boolean another =
        event.actor() != thread
            && event.actor() < actors.size()
            && actors.get(event.actor()).kind() == ActorKind.VCPU;
    return exit != null && !retried && !another && event.hasPages() && isOnThePage(event);
  }

  private boolean isHere(long sequence) {
    return found.containsKey(sequence) || ranges.containsKey(sequence);
  }

  private boolean isOnThePage(Event event) {
    Event page = enqueue != null ? enqueue : root;
    return thread == Event.NONE
        || !page.hasPages()
        || event.covers(page.region(), page.firstPage());
  }

  /** Takes what led to an event and is not there yet, up to the message of another fault. */
  private void pull(Event event) {
    long cause = event.cause();
    for (int i = 0; cause != 0 && !isHere(cause) && i < MAX_CHAIN; i++) {
      Event before = timeline.event(cause);
      if (before.kind() == EventKind.READ || before.kind() == EventKind.ENQUEUE) {
        foreignRead = before;
        return;
      }
      take(before);
      cause = before.cause();
    }
  }

  /** An event that only touches this fault, as one page of many that an answer brought. */
  private void takeAsked() {
    if (!found.containsKey(asked.sequence())) {
      pull(asked);
      found.put(asked.sequence(), asked);
    }
  }

  /** Some events about a page. */
  private record OnPage(int region, int page, Predicate<EventView> wanted)
      implements EventPredicate {
    @Override
    public boolean mayMatch(ChunkSummary chunk) {
      return chunk.mayTouch(region, page, 1);
    }

    @Override
    public boolean test(EventView event) {
      int distance = page - event.firstPage();
      return event.region() == region
          && distance >= 0
          && distance < event.pageCount()
          && wanted.test(event);
    }
  }

  /** An actor's waits. */
  private record EnqueueOf(int actor) implements EventPredicate {
    @Override
    public boolean test(EventView event) {
      return event.actor() == actor && event.kind() == EventKind.ENQUEUE.code();
    }
  }
}
