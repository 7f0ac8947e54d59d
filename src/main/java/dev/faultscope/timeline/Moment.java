package dev.faultscope.timeline;

import java.util.List;

/**
 * The fault queue and the actors at one moment. Immutable.
 *
 * <p>It is folded from the events alone: ENQUEUE adds an entry and blocks its actor; READ (whose
 * cause is the ENQUEUE) marks the entry as read by the event's actor, who then handles; CALL makes
 * its actor handle; IOCTL ends that; WAKE removes its actor's entry and lets the actor run; any
 * other event of a blocked actor leaves it blocked, of an actor not blocked and not handling shows
 * it running; KERNEL with SCHED_OUT_SLEEP makes a handler idle. A thread waits for one fault at a
 * time: an ENQUEUE of an actor that has an entry replaces it.
 *
 * @param position the moment
 * @param timeNs its time
 * @param queue entries in the order they were queued
 * @param actors one per actor declared so far, by index
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
