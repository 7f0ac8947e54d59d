package dev.faultscope.timeline;

import dev.faultscope.model.FaultOrigin;
import java.util.List;

/**
 * The fault queue and the actors at one moment. Immutable.
 *
 * <p>It is folded from the events alone. An actor is {@link Activity#BLOCKED}, or {@link
 * Activity#KERNEL} where the kernel itself is waited for, exactly while it has an entry in the
 * queue:
 *
 * <ul>
 *   <li>ENQUEUE adds an entry for its actor; a thread waits for one fault at a time, so an older
 *       entry of that actor goes.
 *   <li>READ, whose cause is the ENQUEUE, marks that entry as read by the READ's actor.
 *   <li>WAKE, whose actor is the one that wakes up, removes its entry and lets it run.
 * </ul>
 *
 * <p>Of an actor that is not blocked, READ and CALL make it {@link Activity#HANDLING}, and IOCTL
 * ends that; KERNEL with SCHED_OUT_SLEEP or THREAD_EXIT makes it {@link Activity#IDLE}. After any
 * other event, unless it is handling, it is {@link Activity#RUNNING} where that is told: from the
 * first scheduler event of that actor on (SCHED_IN, SCHED_OUT_SLEEP, SCHED_OUT_PREEMPTED), and from
 * an EXIT that enters the guest to its next EXIT. Where nobody tells when an actor runs and sleeps,
 * what it does between its faults and its calls is {@link Activity#UNKNOWN}. A vCPU whose faults
 * are those of stage 2 runs in its guest only: it is with its {@link Activity#VMM} from the exit to
 * it that follows an exit from the guest, to the next entry, and what it does before is {@link
 * Activity#UNKNOWN} but for its faults. No event but its WAKE changes what a blocked actor does,
 * and an event without an actor changes no actor. "Since" is when the present activity, or the
 * present entry, began.
 *
 * @param position the moment
 * @param timeNs its time
 * @param queue entries in the order they were queued
 * @param actors one per actor of the timeline, by index; {@link Activity#UNKNOWN} before its first
 *     event
 */
public record Moment(long position, long timeNs, List<Entry> queue, List<Doing> actors) {
  /** How far a fault got. */
  public enum Phase {
    /** Queued, unread. */
    PENDING,
    /** Read by a handler, its thread still asleep. */
    READ,
    /** The kernel itself is waited for: nobody reads it. */
    KERNEL
  }

  /** What an actor does. */
  public enum Activity {
    /** The recording does not tell. */
    UNKNOWN,
    /** It runs, or could. */
    RUNNING,
    /** Asleep in a fault that a userfaultfd has. */
    BLOCKED,
    /** Busy with a fault of another. */
    HANDLING,
    /** It sleeps for something else than a fault: a handler for messages, a thread for its end. */
    IDLE,
    /** It waits in a fault for the kernel itself: for stage 2, or the host's fault path. */
    KERNEL,
    /** A vCPU that left its guest for the VMM. */
    VMM
  }

  /**
   * A fault that waits.
   *
   * @param sequence the ENQUEUE event: how everybody names the entry
   * @param actor who sleeps
   * @param region region of the page
   * @param page the page
   * @param flags {@link dev.faultscope.model.EventFlags} of the ENQUEUE
   * @param sinceNs when it was queued
   * @param phase how far it got
   * @param handler the actor who read it, or {@link dev.faultscope.model.Event#NONE}
   * @param origin what it waits for
   */
  public record Entry(
      long sequence,
      int actor,
      int region,
      int page,
      int flags,
      long sinceNs,
      Phase phase,
      int handler,
      FaultOrigin origin) {}

  /**
   * What one actor does.
   *
   * @param activity what it does
   * @param sinceNs since when
   * @param sequence the event that made it so, 0 where none did
   */
  public record Doing(Activity activity, long sinceNs, long sequence) {}

  /** {@return the number of entries in a phase} */
  public int count(Phase phase) {
    int n = 0;
    for (Entry entry : queue) {
      if (entry.phase() == phase) {
        n++;
      }
    }
    return n;
  }
}
