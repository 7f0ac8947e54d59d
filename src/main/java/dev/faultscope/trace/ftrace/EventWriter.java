package dev.faultscope.trace.ftrace;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.CallResult;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;

/**
 * Tells judged lines as model events, in the order of the lines.
 *
 * <p>What a line says itself is told plainly; whatever was concluded carries {@link
 * EventFlags#INFERRED}. The reading of a message is told just before its ioctl, because a trace
 * does not show reads: that is the latest moment it can have happened.
 */
final class EventWriter {
  private final Recorder recorder;
  private final AddressMap map;
  private final ActorRegistry actors;
  private final Sleepers sleepers;
  private final Holes holes;
  private final StageTwo stageTwo;
  private final HostFaults hostFaults;
  private final boolean tellsHost;
  private final long originNs;
  private final EventDraft draft = new EventDraft();

  /**
   * @param tellsHost whether faults of the host are told as such beside those of a guest
   */
  EventWriter(
      Recorder recorder, AddressMap map, ActorRegistry actors, long originNs, boolean tellsHost) {
    this.tellsHost = !map.hasRegistered() && (tellsHost || !map.hasGuest());
    this.recorder = recorder;
    this.map = map;
    this.actors = actors;
    this.originNs = originNs;
    holes = new Holes(recorder, map);
    sleepers = new Sleepers(recorder, map, actors);
    stageTwo = new StageTwo(recorder, map, actors);
    hostFaults = new HostFaults(recorder, actors);
  }

  /** Tells one line. */
  void tell(Line line) {
    ThreadTrack thread = line.thread;
    if (thread == null) {
      if (line.kind == LineKind.SWITCH && line.nextThread != null) {
        switchTo(line.nextThread, at(line));
      }
      return;
    }
    if (line.vcpu >= 0) {
      actors.runsVcpu(thread, line.vcpu);
    }
    // In a fault a thread is preempted, or sleeps where no signal wakes it; all else comes after.
    if (line.kind != LineKind.SWITCH || (line.leftState != 'R' && line.leftState != 'D')) {
      hostFaults.ends(thread, at(line));
    }
    if (line.kind.provesRunning()) {
      sleepers.ranAgain(thread, line.index, at(line));
    }
    if (line.ended != null) {
      returned(line.ended, at(line), true);
    }
    switch (line.kind) {
      case FAULT, GUEST_FAULT -> fault(line, thread);
      case TABLE_WALK -> {
        if (line.pending != null) {
          fault(line, thread);
        } else {
          kernel(thread, at(line), KernelEventKind.PAGE_TABLE_WALK);
        }
      }
      case IOCTL_ENTER -> {
        if (line.call != null) {
          entered(line.call, at(line));
        }
      }
      case IOCTL_EXIT -> {
        if (line.call != null) {
          returned(line.call, at(line), false);
        }
      }
      case VM_EXIT -> {
        stageTwo.entered(thread, at(line), true);
        exit(line, thread);
        Line fault = line.raises;
        if (fault != null && fault.pending != null && isStageTwo(fault.pending)) {
          stageTwo.begins(fault.pending, fault.fetch, at(line), thread.lastExit);
        }
      }
      case VM_ENTRY -> {
        stageTwo.entered(thread, at(line), false);
        exit(line, thread);
      }
      case USERSPACE_EXIT -> exit(line, thread);
      case MMIO, EMULATED -> {
        device(line, thread);
        if (line.kind == LineKind.MMIO) {
          exit(line, thread);
        }
      }
      case FRAME_MAPPED -> stageTwo.hostPage(thread, at(line), line.present);
      case SPTE_SET -> stageTwo.set(line, thread, at(line));
      case SPTE_CHANGED -> stageTwo.changed(line, thread, at(line));
      case FAST_FAULT -> stageTwo.fast(line, thread, at(line));
      case LEAF_SPLIT -> stageTwo.split(line, thread, at(line));
      case ASYNC_FAULT -> stageTwo.async(thread, at(line));
      case UNMAPPED -> stageTwo.undoes(line, thread, KernelEventKind.MMU_NOTIFIER, at(line));
      case AGED -> stageTwo.undoes(line, thread, KernelEventKind.AGED, at(line));
      case ZAP_ALL -> stageTwo.undoes(line, thread, KernelEventKind.ZAP_ALL, at(line));
      case HOLE_ENTER -> holes.tell(line, at(line), actors.actorOf(thread));
      case SWITCH -> {
        if (thread.actor != dev.faultscope.model.Event.NONE) {
          kernel(
              thread,
              at(line),
              line.leftState == 'R'
                  ? KernelEventKind.SCHED_OUT_PREEMPTED
                  : KernelEventKind.SCHED_OUT_SLEEP);
        }
        if (line.nextThread != null) {
          switchTo(line.nextThread, at(line));
        }
      }
      case HOLE_EXIT, OTHER -> {}
    }
  }

  private void exit(Line line, ThreadTrack thread) {
    thread.lastExit =
        recorder.append(
            draft.of(EventKind.EXIT, at(line)).detail(line.detail).actor(actors.actorOf(thread)));
  }

  /** An access that KVM emulates; of a marker in stage 2 this is the first line with its page. */
  private void device(Line line, ThreadTrack thread) {
    PendingFault pending = line.pending;
    if (pending != null) {
      takenUp(pending, line, thread);
    }
    stageTwo.emulated(thread, at(line));
  }

  /**
   * {@return whether a fault is between a guest and KVM: no userfaultfd had a part in it. Where one
   * serves the guest, only its faults are told as such.}
   */
  private boolean isStageTwo(PendingFault pending) {
    return !map.hasRegistered() && pending.guest;
  }

  private void takenUp(PendingFault pending, Line line, ThreadTrack thread) {
    StageTwoTrack track = thread.stageTwo;
    if (track == null || track.wait == null || track.wait.fault != pending) {
      // No line says when it left the guest: this one is behind that.
      stageTwo.begins(pending, line.fetch, at(line), 0);
    }
    stageTwo.taken(thread, at(line));
  }

  private long at(Line line) {
    return Math.max(0, line.timeNs - originNs);
  }

  private void switchTo(ThreadTrack thread, long time) {
    hostFaults.ends(thread, time);
    if (thread.actor != dev.faultscope.model.Event.NONE) {
      kernel(thread, time, KernelEventKind.SCHED_IN);
      sleepers.retry(thread, time);
    }
  }

  private void kernel(ThreadTrack thread, long time, KernelEventKind what) {
    recorder.append(
        draft.of(EventKind.KERNEL, time).detail(what.code()).actor(actors.actorOf(thread)));
  }

  private void fault(Line line, ThreadTrack thread) {
    PendingFault pending = line.pending;
    if (pending == null) {
      return;
    }
    if (line.kind == LineKind.GUEST_FAULT && isStageTwo(pending)) {
      takenUp(pending, line, thread);
      return;
    }
    int actor = actors.actorOf(thread);
    int access =
        (pending.write ? EventFlags.WRITE : 0)
            | (line.kernelMode ? EventFlags.KERNEL_MODE : 0)
            | (line.fetch ? EventFlags.FETCH : 0);
    int seen = line.kind == LineKind.TABLE_WALK ? access | EventFlags.INFERRED : access;
    if (tellsHost && line.kind == LineKind.FAULT) {
      hostFaults.begins(pending, access, origin(line, thread), at(line));
      return;
    }
    if (pending.region < 0) {
      long touch =
          recorder.append(
              draft
                  .of(EventKind.TOUCH, at(line))
                  .detail(origin(line, thread).code())
                  .actor(actor)
                  .flags(seen | EventFlags.PAGE_UNKNOWN));
      recorder.append(
          draft
              .of(EventKind.DECIDE, at(line))
              .detail(DecideReason.OUTSIDE.code())
              .actor(actor)
              .flags(access | EventFlags.INFERRED | EventFlags.PAGE_UNKNOWN)
              .cause(touch));
      return;
    }
    draft
        .of(EventKind.TOUCH, at(line))
        .detail(origin(line, thread).code())
        .pages(pending.region, pending.page, 1)
        .actor(actor)
        .flags(seen);
    if (pending.guest && line.kind == LineKind.GUEST_FAULT) {
      draft.cause(thread.lastExit);
    }
    long touch = recorder.append(draft);
    DecideReason reason = reason(pending);
    draft
        .of(EventKind.DECIDE, at(line))
        .detail(reason.code())
        .pages(pending.region, pending.page, 1)
        .actor(actor)
        .flags(
            access
                | EventFlags.INFERRED
                | (reason == DecideReason.CACHED_MINOR ? EventFlags.MINOR : 0))
        .cause(touch);
    if (reason == DecideReason.NOT_ANSWERED || reason == DecideReason.PRESENT) {
      draft.change(
          0,
          PageState.MAPPED
              | (pending.guest ? PageState.STAGE2 : 0)
              | (pending.write ? PageState.DIRTY : 0));
    }
    long decide = recorder.append(draft);
    if (sleepers.fallsAsleep(pending)) {
      sleepers.enqueue(pending, at(line), access, decide);
    }
  }

  private AccessOrigin origin(Line line, ThreadTrack thread) {
    if (line.kind != LineKind.FAULT) {
      return AccessOrigin.STAGE2;
    }
    if (!line.kernelMode) {
      return AccessOrigin.USER;
    }
    return thread.kind == ActorKind.VCPU ? AccessOrigin.KVM : AccessOrigin.KERNEL;
  }

  private DecideReason reason(PendingFault pending) {
    return switch (pending.verdict) {
      case OUTSIDE -> DecideReason.OUTSIDE;
      case PRESENT -> DecideReason.PRESENT;
      case MAY_NOT_SLEEP -> DecideReason.NO_RETRY;
      case REPEATED -> DecideReason.ALREADY_QUEUED;
      case KERNEL -> DecideReason.NOT_ANSWERED;
      case UNDECIDED, WAITING -> DecideReason.UNKNOWN;
      case JOINED -> sleepers.fallsAsleep(pending) ? answer(pending) : DecideReason.NOT_ANSWERED;
      case ANSWERED -> answer(pending);
    };
  }

  private DecideReason answer(PendingFault pending) {
    Call call = pending.call;
    if (call == null) {
      return DecideReason.ANSWERED;
    }
    Backing backing = map.region(pending.region).backing();
    return switch (call.ioctl) {
      case CONTINUE -> DecideReason.CACHED_MINOR;
      case COPY, ZEROPAGE, MOVE ->
          backing == Backing.ANON
              ? DecideReason.ANON_MISSING
              : backing == Backing.UNKNOWN ? DecideReason.ANSWERED : DecideReason.ABSENT_MISSING;
      case WRITEPROTECT -> DecideReason.WRITE_PROTECTED;
      // Whatever else answers does not say what was asked.
      default -> DecideReason.ANSWERED;
    };
  }

  private void entered(Call call, long time) {
    actors.handles(call.handler);
    PendingFault pending = call.pending;
    if (pending != null && pending.reader == call) {
      if (pending.again && pending.enqueued == 0) {
        sleepers.enqueue(pending, time, pending.write ? EventFlags.WRITE : 0, 0);
      }
      sleepers.read(pending, time, call.handler);
    }
    draft
        .of(EventKind.CALL, time)
        .detail(call.ioctl.code())
        .actor(actors.actorOf(call.handler))
        .flags(flags(call))
        .cause(pending == null ? 0 : pending.readSequence);
    pages(call);
    call.called = recorder.append(draft);
  }

  private void returned(Call call, long time, boolean inferred) {
    if (call.called == 0 || call.returned != 0) {
      return;
    }
    draft
        .of(EventKind.IOCTL, time)
        .detail(call.ioctl.code())
        .actor(actors.actorOf(call.handler))
        .flags(flags(call) | (inferred ? EventFlags.INFERRED : 0))
        .errno(call.errno)
        .cause(call.called);
    pages(call);
    int failed = CallResult.ofErrno(call.ioctl, call.pages, call.errno).failed();
    if (failed >= 0 && call.pages == 1) {
      draft.change(0, PageState.ERROR);
    }
    call.returned = recorder.append(draft);
    if (call.errno == 0 && call.pages > 0) {
      sleepers.takeEffect(call, time, call.returned);
    } else if (failed >= 0 && call.pages > 1) {
      recorder.append(
          draft
              .of(EventKind.INSTALL, time)
              .pages(call.region, call.page + failed, 1)
              .actor(actors.actorOf(call.handler))
              .flags(flags(call))
              .change(0, PageState.ERROR)
              .cause(call.returned));
    }
  }

  private void pages(Call call) {
    if (call.pages > 0) {
      draft.pages(call.region, call.page, call.pages);
    }
  }

  static int flags(Call call) {
    return (call.ioctl.isDontWake(call.mode) ? EventFlags.DONTWAKE : 0)
        | (call.pages == 0 ? EventFlags.PAGE_UNKNOWN : call.exact ? 0 : EventFlags.INFERRED)
        | (call.ioctl == UffdIoctl.CONTINUE ? EventFlags.MINOR : 0);
  }
}
