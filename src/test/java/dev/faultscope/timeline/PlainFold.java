package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.timeline.Moment.Activity;
import dev.faultscope.timeline.Moment.Doing;
import dev.faultscope.timeline.Moment.Entry;
import dev.faultscope.timeline.Moment.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of {@link Moment}, written down a second time with lists, to compare with. */
public final class PlainFold {
  private static final Set<Integer> SCHEDULER =
      Set.of(
          KernelEventKind.SCHED_IN.code(),
          KernelEventKind.SCHED_OUT_SLEEP.code(),
          KernelEventKind.SCHED_OUT_PREEMPTED.code());

  /** Exits from the guest to KVM, never on to the VMM. */
  private static final Set<ExitReason> OF_GUEST =
      Set.of(ExitReason.STAGE2_FAULT, ExitReason.STAGE2_MISCONFIG, ExitReason.INTERRUPT);

  private final List<Entry> queue = new ArrayList<>();
  private final List<Doing> actors = new ArrayList<>();
  private final Set<Integer> scheduled = new HashSet<>();
  private final Map<Integer, FaultOrigin> latest = new HashMap<>();
  private final Map<Integer, Place> places = new HashMap<>();

  /** Where a vCPU is, as far as its exits and entries tell. */
  private enum Place {
    GUEST,
    LEFT,
    VMM
  }

  /** {@return the moment after these events of so many declared actors} */
  public static Moment of(List<Event> events, int declared) {
    PlainFold fold = new PlainFold();
    for (int i = 0; i < declared; i++) {
      fold.actors.add(new Doing(Activity.UNKNOWN, 0, 0));
    }
    events.forEach(fold::apply);
    long time = events.isEmpty() ? 0 : events.getLast().timeNs();
    return new Moment(events.size(), time, fold.queue, fold.actors);
  }

  private void apply(Event event) {
    if (event.kind() == EventKind.READ) {
      queue.replaceAll(entry -> entry.sequence() == event.cause() ? read(entry, event) : entry);
    }
    int actor = event.actor();
    if (actor == Event.NONE) {
      return;
    }
    if (event.kind() == EventKind.ENQUEUE) {
      FaultOrigin origin = FaultOrigin.ofCode(event.detail());
      latest.put(actor, origin);
      queue.removeIf(entry -> entry.actor() == actor);
      queue.add(
          new Entry(
              event.sequence(),
              actor,
              event.region(),
              event.firstPage(),
              event.flags() & ~EventFlags.CONTINUED,
              event.timeNs(),
              origin == FaultOrigin.UFFD ? Phase.PENDING : Phase.KERNEL,
              Event.NONE,
              origin));
      Activity waits = origin == FaultOrigin.UFFD ? Activity.BLOCKED : Activity.KERNEL;
      actors.set(actor, new Doing(waits, event.timeNs(), event.sequence()));
      return;
    }
    if (event.kind() == EventKind.KERNEL && SCHEDULER.contains(event.detail())) {
      scheduled.add(actor);
    }
    if (event.kind() == EventKind.EXIT) {
      exit(actor, ExitReason.ofCode(event.detail()));
    }
    Activity free =
        switch (places.get(actor)) {
          case VMM -> Activity.VMM;
          case LEFT -> Activity.UNKNOWN;
          case GUEST -> Activity.RUNNING;
          case null -> scheduled.contains(actor) ? Activity.RUNNING : Activity.UNKNOWN;
        };
    if (event.kind() == EventKind.WAKE) {
      boolean slept = queue.removeIf(entry -> entry.actor() == actor);
      become(actor, free, event, slept);
      return;
    }
    if (queue.stream().anyMatch(entry -> entry.actor() == actor)) {
      return;
    }
    boolean handling = actors.get(actor).activity() == Activity.HANDLING;
    switch (event.kind()) {
      case READ, CALL -> become(actor, Activity.HANDLING, event, false);
      case IOCTL -> become(actor, free, event, false);
      default -> {
        if (event.kind() == EventKind.KERNEL
            && (event.detail() == KernelEventKind.THREAD_EXIT.code()
                || event.detail() == KernelEventKind.SCHED_OUT_SLEEP.code())) {
          become(actor, Activity.IDLE, event, false);
        } else if (!handling) {
          become(actor, free, event, false);
        }
      }
    }
  }

  private void exit(int actor, ExitReason reason) {
    Place was = places.get(actor);
    boolean nested = latest.getOrDefault(actor, FaultOrigin.UFFD) != FaultOrigin.UFFD;
    if (reason == ExitReason.ENTRY) {
      places.put(actor, Place.GUEST);
    } else if (reason == ExitReason.MMIO_ACCESS) {
      places.remove(actor, Place.GUEST);
    } else if (!nested) {
      places.remove(actor);
    } else {
      boolean toVmm = was == Place.LEFT || was == Place.VMM;
      places.put(actor, toVmm && !OF_GUEST.contains(reason) ? Place.VMM : Place.LEFT);
    }
  }

  private void become(int actor, Activity activity, Event event, boolean anew) {
    if (anew || actors.get(actor).activity() != activity) {
      actors.set(actor, new Doing(activity, event.timeNs(), event.sequence()));
    }
  }

  private static Entry read(Entry entry, Event event) {
    return new Entry(
        entry.sequence(),
        entry.actor(),
        entry.region(),
        entry.page(),
        entry.flags(),
        entry.sinceNs(),
        entry.origin() == FaultOrigin.UFFD ? Phase.READ : Phase.KERNEL,
        event.actor(),
        entry.origin());
  }
}
