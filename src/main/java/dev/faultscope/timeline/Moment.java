package dev.faultscope.timeline;

import java.util.List;

/**
 * The fault queue and the actors at one moment. Immutable.
 *
 * <p>It is folded from the events alone. An actor is {@link Activity#BLOCKED} exactly while it has
 * an entry in the queue:
 *
 * <ul>
 *   <li>ENQUEUE adds an entry for its actor; a thread waits for one fault at a time, so an older
 *       entry of that actor goes.
 *   <li>READ, whose cause is the ENQUEUE, marks that entry as read by the READ's actor.
 *   <li>WAKE, whose actor is the one that wakes up, removes its entry and lets it run.
 * </ul>
 *
 * <p>Of an actor that is not blocked, READ and CALL make it {@link Activity#HANDLING}; IOCTL ends
 * that and lets it run; KERNEL with SCHED_OUT_SLEEP makes one that has handled before {@link
 * Activity#IDLE}, with THREAD_EXIT anyone; any other event shows it {@link Activity#RUNNING},
 * unless it is handling. No event but its WAKE changes what a blocked actor does, and an event
 * without an actor changes no actor. "Since" is when the present activity, or the present entry,
 * began.
 *
 * @param position the moment
 * @param timeNs its time
 * @param queue entries in the order they were queued
 * @param actors one per actor of the timeline, by index; {@link Activity#UNSEEN} before its first
 *     event
 */
public record Moment(long position, long timeNs, List<Entry> queue, List<Doing> actors) {
  /** How far a fault got. */
  public enum Phase {
    /** Queued, unread. */
    PENDING,
    /** Read by a handler, its thread still asleep. */
    READ
  }

  /** What an actor does. */
  public enum Activity {
    /** Nothing has been seen of it yet. */
    UNSEEN,
    RUNNING,
    /** Asleep in a fault. */
    BLOCKED,
    /** Busy with a fault of another. */
    HANDLING,
    /** A handler that waits for messages. */
    IDLE
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
   */
  public record Entry(
      long sequence,
      int actor,
      int region,
      int page,
      int flags,
      long sinceNs,
      Phase phase,
      int handler) {}

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
