package dev.faultscope.session.kernelview;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The access behind an event: who made it, from where, and what the kernel decided last.
 *
 * @param told whether the recording says where the access came from
 * @param decision what its last DECIDE says; null where there is none
 * @param retried whether the thread slept and runs its access again
 */
public record Access(
    AccessOrigin origin,
    boolean write,
    boolean told,
    @Nullable DecideReason decision,
    boolean decisionTold,
    boolean retried) {
  /** Links of a chain that are followed: a signal storm makes long ones. */
  private static final int MAX_LINKS = 512;

  /** {@return the access that led to an event of an accessing actor} */
  static Access behind(Timeline timeline, Event event) {
    DecideReason decision = null;
    boolean decisionTold = false;
    boolean retried = false;
    Event at = event;
    for (int link = 0; link < MAX_LINKS; link++) {
      if (at.kind() == EventKind.DECIDE && decision == null) {
        decision = DecideReason.ofCode(at.detail());
        decisionTold = !at.is(EventFlags.INFERRED);
      }
      retried |= at.kind() == EventKind.RETRY;
      AccessOrigin origin = AccessOrigin.ofCode(at.detail());
      if (at.kind() == EventKind.TOUCH && origin != AccessOrigin.UNKNOWN) {
        return new Access(origin, at.is(EventFlags.WRITE), true, decision, decisionTold, retried);
      }
      long before = at.kind() == EventKind.WAKE ? enqueueOf(timeline, at) : at.cause();
      if (before == 0) {
        break;
      }
      at = timeline.event(before);
    }
    return new Access(
        guess(timeline, event), event.is(EventFlags.WRITE), false, decision, decisionTold, retried);
  }

  /**
   * The fault that a WAKE ends: its own cause is what the waker did, which may have been about
   * another fault.
   */
  private static long enqueueOf(Timeline timeline, Event wake) {
    if (wake.cause() != 0) {
      Event cause = timeline.event(wake.cause());
      if (cause.kind() == EventKind.ENQUEUE) {
        return cause.sequence();
      }
    }
    try (Cursor cursor = timeline.cursor()) {
      cursor.seek(wake.sequence() - 1);
      return cursor.moment().queue().stream()
          .filter(entry -> entry.actor() == wake.actor())
          .mapToLong(Moment.Entry::sequence)
          .findFirst()
          .orElse(0);
    }
  }

  /**
   * Without a TOUCH: a vCPU's thread that faults in user memory goes through KVM, though its
   * message does not say whether for the guest or for KVM itself.
   */
  private static AccessOrigin guess(Timeline timeline, Event event) {
    List<Actor> actors = timeline.actors();
    boolean vcpu =
        event.actor() < actors.size() && actors.get(event.actor()).kind() == ActorKind.VCPU;
    if (vcpu) {
      return AccessOrigin.UNKNOWN;
    }
    return event.is(EventFlags.KERNEL_MODE) ? AccessOrigin.KERNEL : AccessOrigin.USER;
  }
}
