package dev.faultscope.trace.ftrace;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.PageState;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the faults of threads that meet no userfaultfd: from the exception to the thread's next
 * line or run, which is not before the fault's end and so is concluded to be it.
 */
final class HostFaults {
  private static final int FLAGS = EventFlags.WRITE | EventFlags.KERNEL_MODE | EventFlags.FETCH;

  private final Recorder recorder;
  private final ActorRegistry actors;
  private final EventDraft draft = new EventDraft();
  private final List<PendingFault> waiting = new ArrayList<>();

  HostFaults(Recorder recorder, ActorRegistry actors) {
    this.recorder = recorder;
    this.actors = actors;
  }

  /**
   * A thread faults.
   *
   * @param access flags of the access
   * @param by where the access came from
   */
  void begins(PendingFault fault, int access, AccessOrigin by, long time) {
    ThreadTrack thread = fault.thread;
    int flags = access & FLAGS | (fault.region < 0 ? EventFlags.PAGE_UNKNOWN : 0);
    draft.of(EventKind.TOUCH, time).detail(by.code()).actor(actors.actorOf(thread)).flags(flags);
    long touch = recorder.append(pageOf(fault));
    fault.origin = originOf(thread, by);
    draft
        .of(EventKind.ENQUEUE, time)
        .detail(fault.origin.code())
        .actor(actors.actorOf(thread))
        .flags(flags)
        .change(0, PageState.IN_KERNEL)
        .cause(touch);
    fault.enqueued = recorder.append(pageOf(fault));
    thread.inHost = fault;
    waiting.add(fault);
  }

  private static FaultOrigin originOf(ThreadTrack thread, AccessOrigin by) {
    return by == AccessOrigin.KVM && thread.kind == ActorKind.VCPU
        ? FaultOrigin.KVM
        : FaultOrigin.HOST;
  }

  /** The thread does something else, or runs: its fault is over. */
  void ends(ThreadTrack thread, long time) {
    PendingFault fault = thread.inHost;
    if (fault == null) {
      return;
    }
    thread.inHost = null;
    waiting.remove(fault);
    boolean others = waiting.stream().anyMatch(each -> each.isAt(fault.region, fault.page));
    draft
        .of(EventKind.WAKE, time)
        .detail(fault.origin.code())
        .actor(actors.actorOf(thread))
        .flags(
            EventFlags.INFERRED
                | (fault.write ? EventFlags.WRITE : 0)
                | (fault.region < 0 ? EventFlags.PAGE_UNKNOWN : 0))
        .change(
            others ? 0 : PageState.IN_KERNEL,
            PageState.MAPPED | (fault.write ? PageState.DIRTY : 0))
        .cause(fault.enqueued);
    recorder.append(pageOf(fault));
  }

  private EventDraft pageOf(PendingFault fault) {
    return fault.region < 0 ? draft : draft.pages(fault.region, fault.page, 1);
  }
}
