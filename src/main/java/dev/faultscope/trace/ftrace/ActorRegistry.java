package dev.faultscope.trace.ftrace;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Event;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.trace.input.ImportLog;

/** Declares threads as actors when they first do something, and again when more is known. */
final class ActorRegistry {
  private final Recorder recorder;
  private final ImportLog log;
  private int count;
  private boolean full;

  ActorRegistry(Recorder recorder, ImportLog log) {
    this.recorder = recorder;
    this.log = log;
  }

  /**
   * {@return the thread's actor, declared if it is new; {@link Event#NONE} where there are too
   * many}
   */
  int actorOf(ThreadTrack thread) {
    if (thread.actor == Event.NONE) {
      if (count == Actor.MAX_ACTORS) {
        if (!full) {
          full = true;
          log.note("more than " + Actor.MAX_ACTORS + " threads: events of the rest have no actor");
        }
        return Event.NONE;
      }
      thread.actor = count++;
      declare(thread);
    }
    return thread.actor;
  }

  /** The thread was seen to run a vCPU. */
  void runsVcpu(ThreadTrack thread, int vcpu) {
    if (thread.vcpu != vcpu || thread.kind != ActorKind.VCPU) {
      thread.vcpu = vcpu;
      thread.kind = ActorKind.VCPU;
      redeclare(thread);
    }
  }

  /** The thread was seen to answer faults. */
  void handles(ThreadTrack thread) {
    if (thread.kind != ActorKind.HANDLER && thread.kind != ActorKind.VCPU) {
      thread.kind = ActorKind.HANDLER;
      redeclare(thread);
    }
  }

  private void redeclare(ThreadTrack thread) {
    if (thread.actor != Event.NONE) {
      declare(thread);
    }
  }

  private void declare(ThreadTrack thread) {
    recorder.actor(new Actor(thread.actor, thread.kind, thread.name, thread.tid, thread.vcpu));
  }
}
