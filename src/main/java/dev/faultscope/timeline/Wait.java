package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.UffdIoctl;
import org.jspecify.annotations.Nullable;

/**
 * One wait of a thread for a fault, and where its time went. Times are nanoseconds of the timeline;
 * null is what the recording does not tell, or what has not happened.
 *
 * @param enqueue what began it
 * @param handler the actor who read its message, {@link Event#NONE} where nobody did
 * @param readNs when the message was read
 * @param callNs when the ioctl was entered that woke the thread
 * @param endNs when it was woken, or waited for another fault without that being told
 * @param woken whether it was told that it woke
 * @param retryNs when the thread tried again
 * @param answer the call that ended it, by its return where that is told; else the last that
 *     covered its page meanwhile
 * @param reason code of the {@link dev.faultscope.model.DecideReason} that had it wait, or of what
 *     the kernel decided meanwhile; {@link #UNKNOWN} where neither is told
 */
public record Wait(
    Event enqueue,
    int handler,
    @Nullable Long readNs,
    @Nullable Long callNs,
    @Nullable Long endNs,
    boolean woken,
    @Nullable Long retryNs,
    @Nullable Event answer,
    int reason) {
  /** In place of a reason that is not known. */
  public static final int UNKNOWN = 0xff;

  /** {@return how long it took, whole or in part; null where that is not told} */
  public @Nullable Long ns(WaitPart part) {
    long ns =
        part.of(
            enqueue.timeNs(),
            orUntold(readNs),
            orUntold(callNs),
            orUntold(endNs),
            orUntold(retryNs));
    return ns == WaitPart.UNTOLD ? null : ns;
  }

  /** {@return what it waits for} */
  public FaultOrigin origin() {
    return FaultOrigin.ofCode(enqueue.detail());
  }

  /** {@return whether it ended without a handler reading its message} */
  public boolean isUnread() {
    return endNs != null && readNs == null && origin() == FaultOrigin.UFFD;
  }

  static long orUntold(@Nullable Long ns) {
    return ns == null ? WaitPart.UNTOLD : ns;
  }

  /** {@return the ioctl that answered it, null where none is known} */
  public @Nullable UffdIoctl ioctl() {
    return answer == null ? null : UffdIoctl.ofCode(answer.detail());
  }
}
