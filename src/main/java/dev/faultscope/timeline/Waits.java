package dev.faultscope.timeline;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.model.Event;
import dev.faultscope.model.FaultOrigin;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits in a compact form, to be sorted and summed by the million. Column by column, so that what
 * looks at one figure of each reads little else. Not to be changed once it is handed out.
 */
public final class Waits {
  /** In place of an ioctl or a reason that is not known. */
  public static final int UNKNOWN = Wait.UNKNOWN;

  private static final int BLOCK_SHIFT = 13;

  /** Waits in a block. */
  static final int BLOCK = 1 << BLOCK_SHIFT;

  private static final int ENQUEUE = 0;
  private static final int ENQUEUED_NS = 1;
  private static final int READ_NS = 2;
  private static final int CALLED_NS = 3;
  private static final int ENDED_NS = 4;
  private static final int RETRIED_NS = 5;

  /** The answer's sequence number, and in the lowest bit whether it was told that it woke. */
  private static final int ANSWER = 6;

  /** Actor, handler, region, flags; 16 bits each. */
  private static final int WHO = 7;

  /** The page, and above it the ioctl, the reason and the origin; 8 bits each. */
  private static final int WHAT = 8;

  private static final int COLUMNS = 9;
  private static final int IOCTL_AT = 32;
  private static final int REASON_AT = 40;
  private static final int ORIGIN_AT = 48;

  /** What a block takes. */
  static final long BLOCK_BYTES = (long) BLOCK * COLUMNS * Long.BYTES;

  private final Timeline timeline;
  private final List<MemorySegment> blocks;
  private final long size;

  Waits(Timeline timeline, List<MemorySegment> blocks, long size) {
    this.timeline = timeline;
    this.blocks = blocks;
    this.size = size;
  }

  /** {@return those of a timeline without events} */
  public static Waits none(Timeline timeline) {
    return new Waits(timeline, List.of(), 0);
  }

  /** {@return how many there are; they are numbered from 0, in no particular order} */
  public long size() {
    return size;
  }

  /** {@return the sequence number of its ENQUEUE} */
  public long enqueue(long wait) {
    return get(wait, ENQUEUE);
  }

  /** {@return when it was queued} */
  public long enqueuedNs(long wait) {
    return get(wait, ENQUEUED_NS);
  }

  /** {@return how long it took, or {@link WaitPart#UNTOLD}} */
  public long ns(WaitPart part, long wait) {
    MemorySegment block = blocks.get((int) (wait >> BLOCK_SHIFT));
    int row = (int) wait & (BLOCK - 1);
    return part.of(
        get(block, row, ENQUEUED_NS),
        get(block, row, READ_NS),
        get(block, row, CALLED_NS),
        get(block, row, ENDED_NS),
        get(block, row, RETRIED_NS));
  }

  /** {@return whether its message was read} */
  public boolean isRead(long wait) {
    return get(wait, READ_NS) != WaitPart.UNTOLD;
  }

  /** {@return whether it ended without a handler reading its message} */
  public boolean isUnread(long wait) {
    return isOver(wait) && !isRead(wait) && origin(wait) == FaultOrigin.UFFD;
  }

  /** {@return whether it is over} */
  public boolean isOver(long wait) {
    return get(wait, ENDED_NS) != WaitPart.UNTOLD;
  }

  /** {@return who waited, {@link Event#NONE} where that is not known} */
  public int actor(long wait) {
    return (int) get(wait, WHO) & 0xffff;
  }

  /** {@return who read its message, {@link Event#NONE} where nobody did} */
  public int handler(long wait) {
    return (int) (get(wait, WHO) >>> 16) & 0xffff;
  }

  /** {@return the region, {@link Event#NONE} where it is not known} */
  public int region(long wait) {
    return (int) (get(wait, WHO) >>> 32) & 0xffff;
  }

  /** {@return flags of its ENQUEUE} */
  public int flags(long wait) {
    return (int) (get(wait, WHO) >>> 48);
  }

  /** {@return the page within the region} */
  public int page(long wait) {
    return (int) get(wait, WHAT);
  }

  /** {@return the code of the ioctl that answered it, or {@link #UNKNOWN}} */
  public int ioctl(long wait) {
    return (int) (get(wait, WHAT) >>> IOCTL_AT) & 0xff;
  }

  /** {@return the code of the decision that had it wait, or {@link #UNKNOWN}} */
  public int reason(long wait) {
    return (int) (get(wait, WHAT) >>> REASON_AT) & 0xff;
  }

  /** {@return what it waits for} */
  public FaultOrigin origin(long wait) {
    return FaultOrigin.ofCode((int) (get(wait, WHAT) >>> ORIGIN_AT) & 0xff);
  }

  /** {@return all that is told of it} */
  public Wait at(long wait) {
    long answer = get(wait, ANSWER);
    return new Wait(
        timeline.event(enqueue(wait)),
        handler(wait),
        orNull(get(wait, READ_NS)),
        orNull(get(wait, CALLED_NS)),
        orNull(get(wait, ENDED_NS)),
        (answer & 1) != 0,
        orNull(get(wait, RETRIED_NS)),
        answer >> 1 == 0 ? null : timeline.event(answer >> 1),
        reason(wait));
  }

  private static @Nullable Long orNull(long ns) {
    return ns == WaitPart.UNTOLD ? null : ns;
  }

  private long get(long wait, int column) {
    return get(blocks.get((int) (wait >> BLOCK_SHIFT)), (int) wait & (BLOCK - 1), column);
  }

  private static long get(MemorySegment block, int row, int column) {
    return block.getAtIndex(JAVA_LONG, (long) column << BLOCK_SHIFT | row);
  }

  /** Writes a wait into a row of a block. */
  static void put(MemorySegment block, int row, Wait wait) {
    Event enqueue = wait.enqueue();
    Event answer = wait.answer();
    set(block, row, ENQUEUE, enqueue.sequence());
    set(block, row, ENQUEUED_NS, enqueue.timeNs());
    set(block, row, READ_NS, Wait.orUntold(wait.readNs()));
    set(block, row, CALLED_NS, Wait.orUntold(wait.callNs()));
    set(block, row, ENDED_NS, Wait.orUntold(wait.endNs()));
    set(block, row, RETRIED_NS, Wait.orUntold(wait.retryNs()));
    set(block, row, ANSWER, (answer == null ? 0 : answer.sequence() << 1) | (wait.woken() ? 1 : 0));
    set(
        block,
        row,
        WHO,
        enqueue.actor() & 0xffffL
            | (wait.handler() & 0xffffL) << 16
            | ((enqueue.hasPages() ? enqueue.region() : Event.NONE) & 0xffffL) << 32
            | (long) enqueue.flags() << 48);
    set(
        block,
        row,
        WHAT,
        enqueue.firstPage() & 0xffff_ffffL
            | (long) (answer == null ? UNKNOWN : answer.detail()) << IOCTL_AT
            | (long) wait.reason() << REASON_AT
            | (long) enqueue.detail() << ORIGIN_AT);
  }

  private static void set(MemorySegment block, int row, int column, long value) {
    block.setAtIndex(JAVA_LONG, (long) column << BLOCK_SHIFT | row, value);
  }
}
