package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Moment.Activity;
import java.util.HashSet;
import java.util.Set;

/** What each actor does, event by event, from a known moment on: the rules of {@link Moment}. */
final class ActivityFold {
  /** Told when an actor's activity ends, or when it waits for another page. */
  @FunctionalInterface
  interface Changes {
    void changed(int actor, Activity to, Event event);
  }

  private final Activity[] activities;
  private final Set<Integer> handlers = new HashSet<>();
  private int depth;

  ActivityFold(Moment start, int actors) {
    activities = new Activity[actors];
    for (int actor = 0; actor < actors; actor++) {
      activities[actor] =
          actor < start.actors().size() ? start.actors().get(actor).activity() : Activity.UNSEEN;
      if (activities[actor] == Activity.HANDLING || activities[actor] == Activity.IDLE) {
        handlers.add(actor);
      }
    }
    depth = start.queue().size();
  }

  Activity activity(int actor) {
    return activities[actor];
  }

  /** {@return how many faults wait} */
  int depth() {
    return depth;
  }

  void apply(Event event, Changes changes) {
    int actor = event.actor();
    if (actor >= activities.length) {
      return;
    }
    EventKind kind = event.kind();
    if (kind == EventKind.ENQUEUE) {
      depth += activities[actor] == Activity.BLOCKED ? 0 : 1;
      activities[actor] = Activity.BLOCKED;
      changes.changed(actor, Activity.BLOCKED, event);
    } else if (kind == EventKind.WAKE) {
      if (activities[actor] == Activity.BLOCKED) {
        depth--;
        activities[actor] = Activity.UNSEEN;
      }
      become(actor, Activity.RUNNING, event, changes);
    } else if (kind == EventKind.READ || kind == EventKind.CALL) {
      handlers.add(actor);
      become(actor, Activity.HANDLING, event, changes);
    } else if (kind == EventKind.IOCTL) {
      become(actor, Activity.RUNNING, event, changes);
    } else if (kind == EventKind.KERNEL
        && (event.detail() == KernelEventKind.THREAD_EXIT.code()
            || event.detail() == KernelEventKind.SCHED_OUT_SLEEP.code()
                && handlers.contains(actor))) {
      become(actor, Activity.IDLE, event, changes);
    } else if (activities[actor] != Activity.HANDLING) {
      become(actor, Activity.RUNNING, event, changes);
    }
  }

  private void become(int actor, Activity to, Event event, Changes changes) {
    if (activities[actor] != to && activities[actor] != Activity.BLOCKED) {
      activities[actor] = to;
      changes.changed(actor, to, event);
    }
  }
}
