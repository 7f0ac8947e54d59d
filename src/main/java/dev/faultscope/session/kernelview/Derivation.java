package dev.faultscope.session.kernelview;

import static dev.faultscope.session.kernelview.KernelFunction.*;

import dev.faultscope.model.Actor;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.kernelview.AccessFrames.Layer;
import dev.faultscope.session.kernelview.KernelView.Sleeper;
import dev.faultscope.session.kernelview.KernelView.VersionInfo;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Timeline;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Works out the view of one moment from its event and what led to it. */
final class Derivation {
  private static final String NOT_TOLD =
      "The recording does not say in which call this happened, so there is no way to show.";

  /** How far after a touch its decision is looked for. */
  private static final int LOOK_AHEAD = 64;

  /** How far before an event the return of its call is looked for. */
  private static final int LOOK_BACK = 4096;

  /** Causes that are followed to find the way an event lies on. */
  private static final int MAX_DEPTH = 8;

  private final Timeline timeline;
  private final long seq;
  private final KernelRules rules;

  Derivation(Timeline timeline, long seq) {
    this.timeline = timeline;
    rules = KernelRules.of(timeline);
    this.seq = seq;
  }

  KernelView view() {
    if (seq == 0) {
      return new KernelView(
          0,
          "Before the first event",
          rules.text(),
          List.of(),
          "Nothing has happened yet.",
          false,
          List.of(),
          0,
          versions());
    }
    Event event = timeline.event(seq);
    try (Cursor cursor = timeline.cursor()) {
      cursor.seek(seq);
      KernelPath path = new KernelPath(rules);
      follow(path, event, cursor, 0);
      List<Frame> frames = path.frames();
      List<Moment.Entry> waiting = waiting(event, cursor.moment());
      return new KernelView(
          seq,
          Titles.of(event),
          rules.text(),
          frames,
          note(event, frames),
          frames.stream().anyMatch(Frame::inferred),
          sleepers(waiting, cursor),
          waiting.size(),
          versions());
    }
  }

  private List<VersionInfo> versions() {
    return Arrays.stream(KernelVersion.values())
        .filter(version -> !rules.is(version))
        .map(version -> new VersionInfo(version.id(), version.label(), version.text()))
        .toList();
  }

  /** The way to an event; some events lie further on the way of their cause. */
  private void follow(KernelPath path, Event event, Cursor cursor, int depth) {
    Scene scene = scene(event, cursor);
    path.inferring(event.is(EventFlags.INFERRED));
    switch (event.kind()) {
      case TOUCH -> touch(path, event, scene);
      case DECIDE -> access(path, event, scene);
      case ENQUEUE -> enqueue(path, event, scene);
      case READ -> read(path, event, scene);
      case CALL -> IoctlFrames.enter(path, UffdIoctl.ofCode(event.detail()), scene);
      case IOCTL -> {
        UffdIoctl ioctl = UffdIoctl.ofCode(event.detail());
        IoctlFrames.enter(path, ioctl, scene);
        if (event.errno() == 0) {
          path.value("returns", "0");
        } else {
          IoctlFrames.failed(path, ioctl, event.errno(), scene);
        }
      }
      case INSTALL -> install(path, event, scene, cursor, depth);
      case WAKE -> wake(path, event, scene, cursor, depth);
      case RETRY -> retry(path, event, scene);
      case EXIT -> ExitFrames.exit(path, event, scene, Access.behind(timeline, event));
      case HOLE -> GoneFrames.hole(path, HoleKind.ofCode(event.detail()), scene);
      case KERNEL -> GoneFrames.kernel(path, KernelEventKind.ofCode(event.detail()), scene);
      case REGION -> region(path, event, scene, cursor, depth);
      case NOTE -> {
        // A remark is no step of the kernel.
      }
    }
  }

  private void touch(KernelPath path, Event event, Scene scene) {
    DecideReason next = decisionAfter(event);
    Layer layer = next == null ? Layer.HOST : AccessFrames.layerOf(next);
    if (layer != Layer.PROCESSOR) {
      AccessFrames.enter(path, Access.behind(timeline, event), scene, layer);
    }
  }

  private @Nullable DecideReason decisionAfter(Event touch) {
    long last = Math.min(timeline.lastSequence(), touch.sequence() + LOOK_AHEAD);
    for (long at = touch.sequence() + 1; at <= last; at++) {
      Event event = timeline.event(at);
      if (event.kind() == EventKind.DECIDE && event.cause() == touch.sequence()) {
        return DecideReason.ofCode(event.detail());
      }
    }
    return null;
  }

  private void access(KernelPath path, Event event, Scene scene) {
    Access access = Access.behind(timeline, event);
    DecideReason reason = decisionOf(access, event, scene);
    Layer layer = AccessFrames.layerOf(reason);
    if (layer == Layer.PROCESSOR && access.retried()) {
      layer = Layer.HOST; // a woken thread is still inside its fault, and looks there
    }
    if (layer == Layer.PROCESSOR) {
      return;
    }
    AccessFrames.enter(path, access, scene, layer);
    path.inferring(!access.decisionTold());
    DecisionFrames.decide(path, reason, scene);
  }

  /** What was recorded, or what the message's flags and the memory's type tell. */
  private static DecideReason decisionOf(Access access, Event event, Scene scene) {
    DecideReason told = access.decision();
    boolean vague = told == null || told == DecideReason.ANSWERED || told == DecideReason.UNKNOWN;
    if (told != null && (!vague || event.kind() == EventKind.DECIDE)) {
      return told;
    }
    if (event.is(EventFlags.KIND_UNKNOWN)) {
      return DecideReason.UNKNOWN;
    }
    return DecisionFrames.ofMessage(
        event.is(EventFlags.MINOR), event.is(EventFlags.WP), scene.backing());
  }

  private void enqueue(KernelPath path, Event event, Scene scene) {
    if (!isUserfault(event)) {
      inKernel(path, event, scene);
      return;
    }
    access(path, event, scene);
    path.inferring(event.is(EventFlags.INFERRED));
    UserfaultFrames.sleep(path, scene);
  }

  private void read(KernelPath path, Event event, Scene scene) {
    if (isUserfault(event)) {
      UserfaultFrames.read(path, scene);
    } else {
      inKernel(path, event, scene);
    }
  }

  private static boolean isUserfault(Event waits) {
    return FaultOrigin.ofCode(waits.detail()) == FaultOrigin.UFFD;
  }

  /** A thread that waits for the kernel alone does not sleep: it is in its fault. */
  private void inKernel(KernelPath path, Event event, Scene scene) {
    Layer layer =
        FaultOrigin.ofCode(event.detail()) == FaultOrigin.STAGE2 ? Layer.STAGE2 : Layer.HOST;
    AccessFrames.enter(path, Access.behind(timeline, event), scene, layer);
  }

  private void retry(KernelPath path, Event event, Scene scene) {
    Access access = Access.behind(timeline, event);
    AccessFrames.enter(path, access, scene, Layer.HOST);
    path.value("flags", "FAULT_FLAG_TRIED")
        .value("again", "handle_userfault() answered VM_FAULT_RETRY");
  }

  private void install(KernelPath path, Event event, Scene scene, Cursor cursor, int depth) {
    Event cause = cause(event, depth);
    if (cause == null || !isCall(cause) || isHold(event)) {
      return;
    }
    path.inferring(event.is(EventFlags.INFERRED) || hasReturned(cause, event));
    if (cause.kind() == EventKind.CALL || cause.kind() == EventKind.IOCTL) {
      UffdIoctl ioctl = UffdIoctl.ofCode(cause.detail());
      IoctlFrames.enter(path, ioctl, scene(cause, cursor));
      if (event.errno() == 0) {
        IoctlFrames.install(path, ioctl, scene);
      } else {
        IoctlFrames.failed(path, ioctl, event.errno(), scene);
      }
      return;
    }
    follow(path, cause, cursor, depth + 1);
    int gained = event.after() & ~event.before();
    if (path.goesThrough(VFS_WRITE)) {
      WriteFrames.enterCache(path, scene);
    } else if ((gained & PageState.STAGE2) != 0 && path.goesThrough(KVM_TDP_PAGE_FAULT)) {
      StageTwoFrames.map(path, scene);
    } else if ((gained & PageState.MAPPED) != 0 && path.goesThrough(DO_FAULT)) {
      path.backTo(DO_FAULT);
      path.into(
          FINISH_FAULT,
          "Writes the page-table entry.",
          "address",
          scene.address(),
          "PTE",
          scene.pte());
    } else if (!path.isEmpty()) {
      path.value("now", String.join(", ", PageState.describe(event.after())));
    }
  }

  /**
   * {@return whether an event is a way that others can lie on} What a handler read is why it acts,
   * not where: its read(2) is over.
   */
  private static boolean isCall(Event cause) {
    return switch (cause.kind()) {
      case READ, NOTE -> false;
      case KERNEL ->
          switch (KernelEventKind.ofCode(cause.detail())) {
            case UFFD_FORK, UFFD_REMAP, UFFD_REMOVE, UFFD_UNMAP -> false;
            default -> true;
          };
      default -> true;
    };
  }

  /** {@return whether all that changes is that we hold a message back, which no kernel knows} */
  private static boolean isHold(Event event) {
    return (event.before() ^ event.after()) == PageState.HELD;
  }

  /** {@return whether the ioctl that an event came of had returned when it was recorded} */
  private boolean hasReturned(Event cause, Event event) {
    if (cause.kind() != EventKind.CALL) {
      return cause.kind() == EventKind.IOCTL;
    }
    long from = Math.max(cause.sequence() + 1, event.sequence() - LOOK_BACK);
    for (long at = event.sequence() - 1; at >= from; at--) {
      Event between = timeline.event(at);
      if (between.kind() == EventKind.IOCTL && between.cause() == cause.sequence()) {
        return true;
      }
    }
    return false;
  }

  private void wake(KernelPath path, Event event, Scene scene, Cursor cursor, int depth) {
    if (!isUserfault(event)) {
      if (FaultOrigin.ofCode(event.detail()) == FaultOrigin.STAGE2) {
        AccessFrames.run(path, scene);
      }
      return;
    }
    Event cause = cause(event, depth);
    while (cause != null && cause.kind() == EventKind.INSTALL && cause.cause() != 0) {
      cause = timeline.event(cause.cause());
    }
    if (cause == null || cause.kind() == EventKind.ENQUEUE) {
      UserfaultFrames.signal(path, scene);
      return;
    }
    if (!isCall(cause)) {
      return;
    }
    boolean returned = hasReturned(cause, event);
    path.inferring(event.is(EventFlags.INFERRED) || returned);
    if (cause.kind() == EventKind.CALL || cause.kind() == EventKind.IOCTL) {
      IoctlFrames.enter(path, UffdIoctl.ofCode(cause.detail()), scene(cause, cursor));
    } else {
      follow(path, cause, cursor, depth + 1);
    }
    path.inferring(event.is(EventFlags.INFERRED) || returned);
    UserfaultFrames.wake(path, scene);
  }

  private void region(KernelPath path, Event event, Scene scene, Cursor cursor, int depth) {
    Event cause = cause(event, depth);
    switch (RegionChange.ofCode(event.detail())) {
      case REGISTERED -> {
        IoctlFrames.enter(path, UffdIoctl.REGISTER, scene);
        IoctlFrames.register(path, scene);
      }
      case UNREGISTERED -> {
        if (cause != null && cause.kind() == EventKind.CALL) {
          IoctlFrames.enter(path, UffdIoctl.UNREGISTER, scene);
          IoctlFrames.install(path, UffdIoctl.UNREGISTER, scene);
        } else if (cause != null && isCall(cause)) {
          follow(path, cause, cursor, depth + 1);
        }
      }
      case APPEARED ->
          path.into(MMAP_REGION, "mmap(2) makes a VMA; no page is mapped yet.", "vma", scene.vma());
      case GONE -> path.into(DO_VMI_MUNMAP, "The mapping goes.", "range", scene.range());
      case UNKNOWN -> {
        // Nothing is known of the way.
      }
    }
  }

  private @Nullable Event cause(Event event, int depth) {
    return event.cause() == 0 || depth >= MAX_DEPTH ? null : timeline.event(event.cause());
  }

  private Scene scene(Event event, Cursor cursor) {
    List<Region> regions = timeline.regions();
    Region region = event.region() < regions.size() ? regions.get(event.region()) : null;
    boolean placed = region != null && event.firstPage() < region.pages();
    int state = placed ? cursor.state(event.region(), event.firstPage()) : 0;
    return new Scene(event, region, state, label(event.actor()));
  }

  private String label(int actor) {
    List<Actor> actors = timeline.actors();
    return actor < actors.size() ? actors.get(actor).label() : "not recorded";
  }

  private static String note(Event event, List<Frame> frames) {
    if (!frames.isEmpty()) {
      return frames.stream().anyMatch(Frame::inferred)
          ? "The recording does not say all of this: frames marked “inferred” are concluded from"
              + " the message, the memory's type, the actor and what calls returned."
          : "";
    }
    return switch (event.kind()) {
      case TOUCH, DECIDE, RETRY ->
          "The processor finds the entry in the page table: the kernel does not run.";
      case NOTE -> "A remark kept with the recording; nothing happens in the kernel.";
      case INSTALL ->
          switch (event.before() ^ event.after()) {
            case PageState.DIRTY ->
                "The processor sets the entry's dirty bit itself: the kernel does not run.";
            case PageState.USERFAULT ->
                "The VMM changes the bit in its own memory: the kernel looks at it at the next"
                    + " stage-2 fault.";
            case PageState.HELD ->
                "A message that was read is held back, or let go: no kernel knows of that.";
            default -> NOT_TOLD;
          };
      case ENQUEUE, READ, CALL, IOCTL, WAKE, EXIT, HOLE, KERNEL, REGION -> NOT_TOLD;
    };
  }

  /** Who waits for the event's pages, but for the event's own actor. */
  private static List<Moment.Entry> waiting(Event event, Moment moment) {
    return moment.queue().stream()
        .filter(entry -> event.covers(entry.region(), entry.page()))
        .filter(entry -> entry.actor() != event.actor())
        .toList();
  }

  private List<Sleeper> sleepers(List<Moment.Entry> waiting, Cursor cursor) {
    return waiting.stream()
        .limit(KernelView.MAX_SLEEPERS)
        .map(
            entry -> {
              KernelPath path = new KernelPath(rules);
              follow(path, timeline.event(entry.sequence()), cursor, 0);
              return new Sleeper(
                  entry.sequence(),
                  entry.actor(),
                  label(entry.actor()),
                  entry.sinceNs(),
                  switch (entry.phase()) {
                    case PENDING -> "sleeps; its message is unread";
                    case READ -> "sleeps; its message was read";
                    case KERNEL -> "waits for the kernel itself";
                  },
                  path.names());
            })
        .toList();
  }
}
