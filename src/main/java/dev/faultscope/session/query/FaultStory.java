package dev.faultscope.session.query;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.PageHistory;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.Wait;
import dev.faultscope.timeline.WaitFold;
import dev.faultscope.timeline.WaitPart;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why something happened: the fault that an event belongs to, step by step from the access to its
 * next try, and between whom. Times are nanoseconds. What the recording does not contain is a step
 * that says so; nothing is made up.
 *
 * @param event the event asked about
 * @param about the event that names the fault: its ENQUEUE, else its exit, else its first
 * @param title that event in words
 * @param participants who takes part, in the order in which they are drawn
 * @param steps oldest first, at most {@value #MAX_STEPS} that are recorded
 * @param parts where the time of the wait went; null where nobody waited
 * @param meanwhile what went on during the wait; null where nobody waited
 * @param remarks what stands beside the story
 */
public record FaultStory(
    long event,
    long about,
    String title,
    List<Participant> participants,
    List<Step> steps,
    @Nullable Parts parts,
    @Nullable Meanwhile meanwhile,
    List<Remark> remarks) {
  /** Most recorded steps of a story. */
  public static final int MAX_STEPS = 64;

  private static final int MAX_NAMES = 3;

  /**
   * Who takes part.
   *
   * @param id guest, kvm, host_mm, userfaultfd, handler, vmm or recording
   * @param role that for people; "thread" for a guest that is a host thread
   * @param name which thread or threads that is in this recording; empty where it is none
   */
  public record Participant(String id, String role, String name) {
    /** {@return both in one line} */
    public String label() {
      return name.isEmpty() ? role : role + ": " + name;
    }
  }

  /**
   * A step.
   *
   * @param seq its event; null for a step that is not recorded
   * @param timeNs null for a step that is not recorded
   * @param gapNs since the recorded step before it; null for the first and for one not recorded
   * @param kind touch, decide, enqueue and so on, as events are named
   * @param from a participant
   * @param to a participant, the same one for what concerns one alone
   * @param text the narrator's sentence
   * @param inferred whether the source does not contain it
   * @param linked whether the recording says what led to it
   */
  public record Step(
      @Nullable Long seq,
      @Nullable Long timeNs,
      @Nullable Long gapNs,
      String kind,
      String from,
      String to,
      String text,
      boolean inferred,
      boolean linked) {}

  /**
   * A wait and its parts as in the table of faults; null is what is not known.
   *
   * @param origin what is waited for, and so what the parts are: uffd, stage2, kvm or host
   */
  public record Parts(
      String origin,
      @Nullable Long waitNs,
      @Nullable Long unreadNs,
      @Nullable Long readToIoctlNs,
      @Nullable Long ioctlNs,
      @Nullable Long wakeToRetryNs,
      @Nullable Long unattributedNs) {}

  /**
   * What stands beside the story.
   *
   * @param seq an event with a story of its own, null for none
   */
  public record Remark(String text, @Nullable Long seq) {}

  /**
   * {@return the story that an event belongs to}
   *
   * @throws IndexOutOfBoundsException if there is no such event
   */
  public static FaultStory of(Timeline timeline, long sequence) {
    return new Teller(timeline, StoryEvents.of(timeline, sequence)).tell(sequence, List.of());
  }

  /**
   * {@return the story of what happened last to a page}
   *
   * @param seq the moment
   * @throws IndexOutOfBoundsException if there is no such page, or nothing happened to it by then
   */
  public static FaultStory ofPage(Timeline timeline, int region, int page, long seq) {
    PageDetails.requirePage(timeline, region, page);
    List<Event> history =
        seq == 0 ? List.of() : PageHistory.of(timeline, region, page, seq, 1).events();
    if (history.isEmpty()) {
      throw new IndexOutOfBoundsException(
          "nothing is recorded of page 0x%x of %s up to moment %d"
              .formatted(page, timeline.regions().get(region).name(), seq));
    }
    Event last = history.getFirst();
    StoryEvents events = StoryEvents.of(timeline, last.sequence());
    Event enqueue = events.enqueue();
    List<Remark> remarks =
        enqueue == null || !enqueue.hasPages() || enqueue.covers(region, page)
            ? List.of()
            : List.of(
                new Remark(
                    "The fault was on another page; #%d is about page 0x%x of %s as well."
                        .formatted(last.sequence(), page, timeline.regions().get(region).name()),
                    null));
    return new Teller(timeline, events).tell(last.sequence(), remarks);
  }

  /** Puts events into words and between participants. */
  private static final class Teller {
    private final Timeline timeline;
    private final StoryEvents story;
    private final Narrator narrator;
    private final List<Actor> actors;
    private final StoryLane sleeper;
    private final Map<StoryLane, Set<String>> names = new EnumMap<>(StoryLane.class);
    private final List<Step> steps = new ArrayList<>();
    private @Nullable Event before;
    private boolean hostThread;

    Teller(Timeline timeline, StoryEvents story) {
      this.timeline = timeline;
      this.story = story;
      narrator = new Narrator(timeline);
      actors = timeline.actors();
      sleeper =
          story.events().stream()
              .filter(event -> event.kind() == EventKind.TOUCH && event.actor() == story.thread())
              .findFirst()
              .map(StoryLane::sleeper)
              .orElse(StoryLane.GUEST);
    }

    FaultStory tell(long asked, List<Remark> first) {
      for (Event event : story.events()) {
        tellMissingBefore(event);
        tellStep(event);
        tellMissingAfter(event);
      }
      tellMissingAtTheEnd();
      Event enqueue = story.enqueue();
      Event exit = story.exit();
      Event about = enqueue != null ? enqueue : exit != null ? exit : story.root();
      Wait wait = enqueue == null ? null : waitOf(enqueue);
      return new FaultStory(
          asked,
          about.sequence(),
          narrator.tell(about),
          names.entrySet().stream().map(this::participant).toList(),
          List.copyOf(steps),
          wait == null ? null : parts(wait),
          wait == null ? null : Meanwhile.of(timeline, wait),
          remarks(first));
    }

    private void tellStep(Event event) {
      StoryLane.Way way = StoryLane.of(event, causeInWords(event), story.thread(), sleeper, actors);
      name(way, event);
      Event previous = before;
      steps.add(
          new Step(
              event.sequence(),
              event.timeNs(),
              previous == null ? null : event.timeNs() - previous.timeNs(),
              event.kind().name().toLowerCase(Locale.ROOT),
              way.from().id(),
              way.to().id(),
              narrator.tell(event),
              event.is(EventFlags.INFERRED),
              story.isLinked(event)));
      before = event;
    }

    /** A retry is of the access, whatever woke its thread. */
    private Event causeInWords(Event event) {
      return event.kind() == EventKind.RETRY
          ? story.events().stream()
              .filter(each -> each.kind() == EventKind.TOUCH && each.actor() == story.thread())
              .findFirst()
              .orElse(event)
          : story.causeOf(event);
    }

    /** The lane that an event's thread acts in gets its name. */
    private void name(StoryLane.Way way, Event event) {
      Set<String> from = names.computeIfAbsent(way.from(), _ -> new LinkedHashSet<>());
      Set<String> to = names.computeIfAbsent(way.to(), _ -> new LinkedHashSet<>());
      if (event.actor() >= actors.size()) {
        return;
      }
      String label = actors.get(event.actor()).label();
      boolean inGuest =
          switch (event.kind()) {
            case TOUCH, RETRY -> way.from() == StoryLane.GUEST;
            case WAKE -> way.to() == StoryLane.GUEST;
            case DECIDE, ENQUEUE, READ, CALL, IOCTL, INSTALL, EXIT, HOLE, KERNEL, REGION, NOTE ->
                false;
          };
      hostThread |= inGuest && actors.get(event.actor()).kind() != ActorKind.VCPU;
      switch (event.kind()) {
        case TOUCH, RETRY, CALL -> from.add(label);
        case READ, IOCTL, WAKE -> to.add(label);
        case INSTALL, KERNEL, HOLE -> {
          if (way.from() == StoryLane.HANDLER || way.from() == StoryLane.VMM) {
            from.add(label);
          }
        }
        case DECIDE, ENQUEUE, EXIT, REGION, NOTE -> {}
      }
    }

    private Participant participant(Map.Entry<StoryLane, Set<String>> each) {
      StoryLane lane = each.getKey();
      Set<String> names = each.getValue();
      // These are the kernel's parts: the threads that call them are named where they come from.
      boolean nameless =
          lane == StoryLane.HOST_MM || lane == StoryLane.USERFAULTFD || lane == StoryLane.RECORDING;
      String shown = names.stream().limit(MAX_NAMES).collect(Collectors.joining(", "));
      return new Participant(
          lane.id(),
          lane == StoryLane.GUEST && hostThread ? "thread" : lane.text(),
          nameless ? "" : names.size() > MAX_NAMES ? shown + ", …" : shown);
    }

    private void missing(String kind, StoryLane from, StoryLane to) {
      names.computeIfAbsent(from, _ -> new LinkedHashSet<>());
      names.computeIfAbsent(to, _ -> new LinkedHashSet<>());
      steps.add(
          new Step(
              null, null, null, kind, from.id(), to.id(), kind + ": not recorded", false, false));
    }

    private boolean has(EventKind kind) {
      return story.events().stream().anyMatch(event -> event.kind() == kind);
    }

    /**
     * Of a fault that the kernel itself is waited for, that is missing which it cannot do without.
     */
    private void tellMissingOfTheKernel(Event event) {
      boolean first = steps.isEmpty();
      if (first && event.kind() == EventKind.TOUCH && story.origin() == FaultOrigin.STAGE2) {
        missing("exit", sleeper, StoryLane.KVM);
      }
      if (event.kind() == EventKind.DECIDE
          && setsAnEntry(DecideReason.ofCode(event.detail()))
          && steps.stream().noneMatch(step -> step.from().equals(StoryLane.HOST_MM.id()))) {
        missing("host page", StoryLane.HOST_MM, StoryLane.KVM);
      }
    }

    private static boolean setsAnEntry(DecideReason reason) {
      return reason == DecideReason.MAPPED_FIRST
          || reason == DecideReason.MAPPED_AGAIN
          || reason == DecideReason.MADE_WRITABLE;
    }

    private void tellMissingBefore(Event event) {
      Event enqueue = story.enqueue();
      if (story.origin() != FaultOrigin.UFFD) {
        tellMissingOfTheKernel(event);
        return;
      }
      if (event == enqueue) {
        if (steps.stream()
            .noneMatch(step -> step.kind().equals("touch") || step.kind().equals("retry"))) {
          missing("touch", sleeper, StoryLane.HOST_MM);
        }
        if (steps.stream().noneMatch(step -> step.kind().equals("decide"))) {
          missing("decide", StoryLane.HOST_MM, StoryLane.HOST_MM);
        }
      }
      if (event.kind() == EventKind.WAKE && enqueue != null && !hasCall()) {
        missing("ioctl", StoryLane.HANDLER, StoryLane.USERFAULTFD);
      }
      if (event.kind() == EventKind.RETRY
          && enqueue != null
          && !story.isWoken()
          && event != story.root()) {
        missing("wake", StoryLane.USERFAULTFD, sleeper);
      }
    }

    private void tellMissingAfter(Event event) {
      if (story.origin() != FaultOrigin.UFFD) {
        return;
      }
      if (event == story.enqueue() && !has(EventKind.READ)) {
        missing("read", StoryLane.USERFAULTFD, StoryLane.HANDLER);
      }
      if (event.kind() == EventKind.IOCTL
          && story.enqueue() != null
          && event.errno() == 0
          && event.hasPages()
          && UffdIoctl.ofCode(event.detail()) != UffdIoctl.WAKE
          && !has(EventKind.INSTALL)) {
        missing("install", StoryLane.USERFAULTFD, StoryLane.HOST_MM);
      }
    }

    private boolean hasCall() {
      return has(EventKind.CALL) || has(EventKind.IOCTL);
    }

    private void tellMissingAtTheEnd() {
      if (story.origin() != FaultOrigin.UFFD) {
        if (!story.isWoken()) {
          boolean nested = story.origin() == FaultOrigin.STAGE2;
          missing(nested ? "entry" : "end", nested ? StoryLane.KVM : StoryLane.HOST_MM, sleeper);
        }
        return;
      }
      if (story.enqueue() != null) {
        if (!story.isWoken() && !hasCall()) {
          missing("ioctl", StoryLane.HANDLER, StoryLane.USERFAULTFD);
        }
        if (!story.isWoken() && !story.isRetried()) {
          missing("wake", StoryLane.USERFAULTFD, sleeper);
        }
      }
      boolean tries = story.enqueue() != null || story.exit() != null;
      if (tries && !story.isRetried()) {
        missing("retry", sleeper, StoryLane.HOST_MM);
      }
    }

    private Wait waitOf(Event enqueue) {
      List<Wait> waits = new ArrayList<>(1);
      WaitFold fold =
          new WaitFold(timeline, sequence -> sequence == enqueue.sequence(), waits::add);
      // A call that was under way when the thread fell asleep may be what woke it.
      long from =
          story.events().stream()
              .filter(event -> event.kind() == EventKind.CALL)
              .mapToLong(Event::sequence)
              .reduce(enqueue.sequence(), Math::min);
      for (long at = from; at <= story.last(); at++) {
        fold.add(timeline.event(at));
      }
      fold.end();
      return waits.getFirst();
    }

    private static Parts parts(Wait wait) {
      return new Parts(
          wait.origin().id(),
          wait.ns(WaitPart.WAIT),
          wait.ns(WaitPart.UNREAD),
          wait.ns(WaitPart.READ_TO_IOCTL),
          wait.ns(WaitPart.IOCTL),
          wait.ns(WaitPart.WAKE_TO_RETRY),
          wait.ns(WaitPart.UNATTRIBUTED));
    }

    /** What had made the fault necessary, and what came of it. */
    private void addOfStageTwo(List<Remark> remarks) {
      Event previous = story.previousOnThePage();
      if (previous != null
          && StoryEvents.of(timeline, previous.sequence()).decision() == DecideReason.RETRIED) {
        remarks.add(
            new Remark(
                "The same access faulted before, and KVM threw that fault away: #%d."
                    .formatted(previous.sequence()),
                previous.sequence()));
      }
      DecideReason decided = story.decision();
      Event taken = decided == DecideReason.MAPPED_AGAIN ? story.takenAwayBefore() : null;
      if (taken != null) {
        remarks.add(
            new Remark(
                "Stage 2 had lost the page %s ns before: #%d, %s."
                    .formatted(before(taken), taken.sequence(), takenBy(taken)),
                taken.sequence()));
      }
      boolean refusedWrites =
          decided == DecideReason.MADE_WRITABLE || decided == DecideReason.FAST_FIXED;
      Event refused = refusedWrites ? story.protectedBefore() : null;
      if (refused != null) {
        remarks.add(
            new Remark(
                "The entry had refused writes for %s ns: since #%d."
                    .formatted(before(refused), refused.sequence()),
                refused.sequence()));
      }
      Event next = decided == DecideReason.RETRIED ? story.nextOnThePage() : null;
      if (next != null) {
        remarks.add(
            new Remark(
                "The guest faults on the page again: #%d.".formatted(next.sequence()),
                next.sequence()));
      }
    }

    private String before(Event earlier) {
      return String.format(Locale.ROOT, "%,d", story.root().timeNs() - earlier.timeNs());
    }

    private String takenBy(Event zap) {
      if (zap.cause() == 0) {
        return "what led to that is not recorded";
      }
      Event by = timeline.event(zap.cause());
      boolean kernel = by.kind() == EventKind.KERNEL;
      if (kernel && by.detail() == KernelEventKind.MMU_NOTIFIER.code()) {
        return "by the MMU notifier: the host unmapped or protected memory (#%d)"
            .formatted(by.sequence());
      }
      return kernel && by.detail() == KernelEventKind.ZAP_ALL.code()
          ? "as KVM took all entries away (#%d)".formatted(by.sequence())
          : "after #%d".formatted(by.sequence());
    }

    private List<Remark> remarks(List<Remark> first) {
      List<Remark> remarks = new ArrayList<>(first);
      if (story.origin() == FaultOrigin.STAGE2) {
        addOfStageTwo(remarks);
      }
      long waited = story.waitBefore();
      if (waited != 0) {
        remarks.add(new Remark("The same access waited before: #%d.".formatted(waited), waited));
      }
      Event foreign = story.foreignRead();
      if (foreign != null && story.enqueue() != null) {
        long message = foreign.kind() == EventKind.READ ? foreign.cause() : foreign.sequence();
        remarks.add(
            new Remark(
                "The call that woke it answers another message: #%d.".formatted(message),
                message == 0 ? null : message));
      }
      List<Event> others = story.alsoWoken();
      if (!others.isEmpty()) {
        String who =
            others.stream()
                .map(event -> actors.get(event.actor()).label())
                .distinct()
                .limit(MAX_NAMES)
                .collect(Collectors.joining(", "));
        remarks.add(
            new Remark(
                "The same calls woke also %s%s: #%d."
                    .formatted(
                        who, others.size() > MAX_NAMES ? ", …" : "", others.getFirst().sequence()),
                others.getFirst().sequence()));
      }
      Event again = story.again();
      if (again != null) {
        remarks.add(
            new Remark(
                "The access did not get through: #%d.".formatted(again.sequence()),
                again.sequence()));
      }
      if (story.isCut()) {
        remarks.add(
            new Remark(
                "Told as far as #%d; what comes later was not looked at.".formatted(story.last()),
                null));
      }
      return List.copyOf(remarks);
    }
  }
}
