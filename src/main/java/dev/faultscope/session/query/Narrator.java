package dev.faultscope.session.query;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Actor;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.RegionChange;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in one sentence what an event is. */
public final class Narrator {
  private final List<Region> regions;
  private final List<Actor> actors;
  private final List<String> notes;
  private final @Nullable ByteStory bytes;

  /** Knows the regions, actors and notes a recording has by now. */
  public Narrator(Timeline timeline) {
    this(timeline.regions(), timeline.actors(), timeline.notes(), timeline);
  }

  Narrator(List<Region> regions, List<Actor> actors, List<String> notes) {
    this(regions, actors, notes, null);
  }

  private Narrator(
      List<Region> regions, List<Actor> actors, List<String> notes, @Nullable Timeline timeline) {
    bytes = timeline == null ? null : new ByteStory(timeline, this::nameOf);
    this.regions = regions;
    this.actors = actors;
    this.notes = notes;
  }

  /** {@return the sentence of a moment; says how deep the queue is where that changed} */
  public String tell(Event event, Moment moment) {
    String sentence = tell(event);
    return switch (event.kind()) {
      case ENQUEUE -> sentence + ", depth " + moment.queue().size();
      case WAKE -> sentence + ", " + left(moment.queue().size());
      case TOUCH, DECIDE, READ, CALL, IOCTL, INSTALL, RETRY, EXIT, HOLE, KERNEL, REGION, NOTE ->
          sentence;
    };
  }

  /** {@return the sentence of an event by itself} */
  public String tell(Event event) {
    String sentence =
        switch (event.kind()) {
          case TOUCH -> touch(event);
          case DECIDE -> who(event, "kernel") + ": " + ShownEvent.detailText(event) + on(event);
          case ENQUEUE ->
              who(event, "a thread")
                  + " "
                  + wrote(event)
                  + " "
                  + where(event)
                  + ": "
                  + waits(event);
          case READ -> read(event);
          case CALL ->
              who(event, "a handler") + " calls " + ShownEvent.detailText(event) + on(event);
          case IOCTL -> ioctl(event);
          case INSTALL -> "page facts of " + where(event) + " change: " + facts(event);
          case WAKE ->
              who(event, "a thread")
                  + switch (FaultOrigin.ofCode(event.detail())) {
                    case UFFD -> " is woken" + on(event);
                    case STAGE2 -> " enters the guest again: its fault" + on(event) + " is over";
                    case KVM, HOST -> " runs on: its fault" + on(event) + " is over";
                  };
          case RETRY -> who(event, "a thread") + " runs its access again" + on(event);
          case EXIT -> exit(event);
          case HOLE ->
              event.detail() == HoleKind.STAGE2_ZAP.code()
                  ? "stage 2 loses " + where(event)
                  : HoleKind.ofCode(event.detail()).text() + " took away " + where(event);
          case KERNEL -> kernel(event);
          case REGION -> RegionChange.ofCode(event.detail()).text() + on(event);
          case NOTE -> note(event);
        };
    String told = bytes == null ? sentence : sentence + bytes.tell(event);
    return event.is(EventFlags.INFERRED) ? told + " (inferred)" : told;
  }

  private String waits(Event event) {
    return switch (FaultOrigin.ofCode(event.detail())) {
      case UFFD -> fault(event) + " queued";
      case STAGE2 -> "a stage-2 fault, which waits for KVM";
      case KVM -> "a fault of KVM itself, which waits for the host";
      case HOST -> "a fault, which waits for the host";
    };
  }

  private String read(Event event) {
    return FaultOrigin.ofCode(event.detail()) == FaultOrigin.UFFD
        ? who(event, "a handler") + " read the " + message(event) + on(event)
        : "KVM looks at the fault of " + who(event, "a vCPU") + on(event);
  }

  private String touch(Event event) {
    String access = event.is(EventFlags.FETCH) ? "fetched from" : wrote(event);
    AccessOrigin origin = AccessOrigin.ofCode(event.detail());
    String by = origin == AccessOrigin.UNKNOWN ? "" : " (" + origin.text() + ")";
    return who(event, "somebody") + " " + access + " " + where(event) + by;
  }

  private String ioctl(Event event) {
    String result = event.errno() == 0 ? "succeeded" : "failed: " + Errno.nameOf(event.errno());
    String wakes = event.is(EventFlags.DONTWAKE) ? ", without waking" : "";
    return ShownEvent.detailText(event)
        + on(event)
        + " by "
        + who(event, "a handler")
        + " "
        + result
        + wakes;
  }

  private String exit(Event event) {
    ExitReason reason = ExitReason.ofCode(event.detail());
    return reason == ExitReason.ENTRY
        ? who(event, "a vCPU") + " enters the guest"
        : who(event, "a vCPU") + " leaves the guest: " + reason.text() + on(event);
  }

  private String kernel(Event event) {
    KernelEventKind what = KernelEventKind.ofCode(event.detail());
    boolean names = what.isOfAPage() || event.hasPages();
    return who(event, "kernel") + ": " + what.text() + (names ? on(event) : "");
  }

  private String note(Event event) {
    int index = event.firstPage();
    return index >= 0 && index < notes.size() ? "note: " + notes.get(index) : "note";
  }

  private String nameOf(int actor) {
    return actor < actors.size() ? actors.get(actor).label() : "somebody";
  }

  private String who(Event event, String otherwise) {
    int actor = event.actor();
    return actor < actors.size() ? actors.get(actor).label() : otherwise;
  }

  private String on(Event event) {
    boolean nowhere = event.region() == Event.NONE || event.pageCount() == 0;
    if (nowhere) {
      return event.is(EventFlags.PAGE_UNKNOWN) ? " on a page the recording does not name" : "";
    }
    return " on " + where(event);
  }

  private String where(Event event) {
    boolean outside = event.region() == Event.NONE || event.region() >= regions.size();
    if (event.is(EventFlags.PAGE_UNKNOWN)) {
      return "a page the recording does not name"
          + (outside ? "" : " (" + regions.get(event.region()).name() + ")");
    }
    if (outside) {
      return "a page outside every known region";
    }
    Region region = regions.get(event.region());
    boolean guest = region.gpaBase() != Region.NO_GPA;
    long first = event.firstPage() + (guest ? region.gpaBase() / Region.PAGE_BYTES : 0);
    String pages = "0x" + Long.toHexString(first);
    if (event.pageCount() > 1) {
      pages += "…0x" + Long.toHexString(first + event.pageCount() - 1);
    }
    return (guest ? "gfn " : event.pageCount() > 1 ? "pages " : "page ")
        + pages
        + " ("
        + region.name()
        + ")";
  }

  private static String wrote(Event event) {
    if (event.is(EventFlags.ACCESS_UNKNOWN)) {
      return "touched";
    }
    return event.is(EventFlags.WRITE) ? "wrote" : "read";
  }

  private static String fault(Event event) {
    FaultKind kind = FaultKind.of(event.flags());
    return kind == FaultKind.UNKNOWN ? "fault of an unknown kind" : kind.word() + " fault";
  }

  private static String message(Event event) {
    return FaultKind.of(event.flags()) == FaultKind.UNKNOWN
        ? "message of a fault of an unknown kind"
        : fault(event) + " message";
  }

  private static String left(int waiting) {
    return waiting == 0 ? "nobody waits any more" : "depth " + waiting;
  }

  private static String facts(Event event) {
    List<String> facts = new ArrayList<>();
    for (String gained : PageState.describe(event.after() & ~event.before())) {
      facts.add("now " + gained);
    }
    // That something is known of the page now is no news beside what is.
    int before = event.before() & ~PageState.UNKNOWN;
    for (String lost : PageState.describe(before & ~event.after())) {
      facts.add("no longer " + lost);
    }
    return facts.isEmpty() ? "none" : String.join(", ", facts);
  }
}
