package dev.faultscope.trace.ftrace;

import dev.faultscope.model.DecideReason;
import org.jspecify.annotations.Nullable;

/** What a thread is in the middle of with a stage 2, as told so far. */
final class StageTwoTrack {
  /** Entries of a table. */
  private static final int TABLE = 512;

  /** Entries that one event takes away follow each other sooner. */
  private static final long MOST_REST_NS = 10_000_000;

  /** A vCPU between its exit for memory and its next entry. */
  static final class Wait {
    final PendingFault fault;

    /** Access flags of its events. */
    final int access;

    final long enqueued;

    /** KVM took it up: its own line was told. */
    boolean taken;

    /** KVM had a host page for it. */
    boolean hasHostPage;

    /** KVM found the entry as the access wants it. */
    boolean isSpurious;

    @Nullable DecideReason decided;
    long decision;

    Wait(PendingFault fault, int access, long enqueued) {
      this.fault = fault;
      this.access = access;
      this.enqueued = enqueued;
    }
  }

  @Nullable Wait wait;

  /** The event that says why entries change after it, 0 for none. */
  private long undoing;

  private long undoneNs;

  // The last table that gave way, in guest frames, and what to.
  long goneFrom;
  long goneTo;
  boolean goneToLeaf;

  // Entries that are being removed, of which it is not told yet whether the guest loses a page.
  private final long[] frozen = new long[TABLE];
  private int frozenCount;

  /** An event says why entries change after it. */
  void undoes(long event, long time) {
    undoing = event;
    undoneNs = time;
  }

  /** No event says why entries change from here on. */
  void undone() {
    undoing = 0;
  }

  /**
   * {@return the event that says why entries change now, 0 for none}. No line says when the kernel
   * is done with it: what comes in one go belongs to it, what comes after a rest does not.
   */
  long undoing(long time) {
    if (undoing != 0 && time - undoneNs > MOST_REST_NS) {
      undoing = 0;
    }
    undoneNs = time;
    return undoing;
  }

  /** {@return whether there was room for one more} */
  boolean freeze(long gfn, int level) {
    if (frozenCount == TABLE) {
      return false;
    }
    frozen[frozenCount++] = gfn << 3 | level;
    return true;
  }

  int frozenCount() {
    return frozenCount;
  }

  long frozenFrame(int index) {
    return frozen[index] >>> 3;
  }

  int frozenLevel(int index) {
    return (int) frozen[index] & 7;
  }

  void thaw() {
    frozenCount = 0;
  }
}
