package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import org.jspecify.annotations.Nullable;

/**
 * The event a predicate looks at, without an object for each. Valid only during the call it is
 * passed to.
 */
public final class EventView {
  private long sequence;
  private long timeNs;
  private long pages;
  private long change;
  private long who;
  private final StateCodes codes;
  private boolean showsEnds = true;
  private @Nullable Fold fold;

  EventView(StateCodes codes) {
    this.codes = codes;
  }

  /** An ENQUEUE tells only of the wait that it begins, not of one that it ends. */
  void hideEnds() {
    showsEnds = false;
  }

  void show(long shown, long[] records, int at, @Nullable Fold after) {
    sequence = shown;
    timeNs = records[at];
    pages = records[at + 1];
    change = records[at + 2];
    who = records[at + 3];
    fold = after;
  }

  /** {@return its sequence number} */
  public long sequence() {
    return sequence;
  }

  /** {@return its time in nanoseconds} */
  public long timeNs() {
    return timeNs;
  }

  /** {@return the code of its {@link dev.faultscope.model.EventKind}} */
  public int kind() {
    return Records.kind(who);
  }

  /** {@return the code whose meaning depends on the kind} */
  public int detail() {
    return Records.detail(who);
  }

  /** {@return its {@link dev.faultscope.model.EventFlags}} */
  public int flags() {
    return Records.flags(pages, who);
  }

  /** {@return the region's index, or {@link Event#NONE}} */
  public int region() {
    return Records.region(who);
  }

  /** {@return its first page within the region} */
  public int firstPage() {
    return Records.firstPage(pages);
  }

  /** {@return how many pages it concerns; 0 where it is about none} */
  public int pageCount() {
    return region() == Event.NONE ? 0 : Records.pageCount(pages);
  }

  /** {@return the actor's index, or {@link Event#NONE}} */
  public int actor() {
    return Records.actor(who);
  }

  /** {@return the state of its pages before it} */
  public int before() {
    return pageCount() == 0 ? 0 : codes.state(region(), Records.before(change));
  }

  /** {@return the state of its pages after it} */
  public int after() {
    return pageCount() == 0 ? 0 : codes.state(region(), Records.after(change));
  }

  /** {@return its error number, 0 for success} */
  public int errno() {
    return Records.errno(who);
  }

  /** {@return the event that led to it, 0 where there is none} */
  public long cause() {
    long distance = Records.causeDistance(change);
    return distance == 0 ? 0 : sequence - distance;
  }

  /**
   * {@return for how long the actor it woke had been blocked in nanoseconds, -1 where it woke none;
   * told only to a predicate that needs the queue}
   */
  public long latencyNs() {
    return fold == null ? -1 : fold.latencyNs();
  }

  /**
   * {@return how long the wait took that it ended, in nanoseconds: one of the actor it woke, or one
   * whose end is only told by its actor's waiting for another fault; -1 where it ended none; told
   * only to a predicate that needs the queue}
   */
  public long waitedNs() {
    if (fold == null) {
      return -1;
    }
    return showsEnds ? Math.max(fold.latencyNs(), fold.endedNs()) : fold.latencyNs();
  }

  /**
   * {@return how many faults wait after it, read or not; told only to a predicate that needs the
   * queue, else 0}
   */
  public int queueDepth() {
    return fold == null ? 0 : fold.depth();
  }
}
