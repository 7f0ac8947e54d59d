package dev.faultscope.timeline;

import dev.faultscope.model.Event;
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
 */
public record Wait(
    Event enqueue,
    int handler,
    @Nullable Long readNs,
    @Nullable Long callNs,
    @Nullable Long endNs,
    boolean woken,
    @Nullable Long retryNs,
    @Nullable Event answer) {

  /** {@return from queue to wake} */
  public @Nullable Long latencyNs() {
    return endNs == null ? null : endNs - enqueue.timeNs();
  }

  /** {@return from queue to the next try, or to the wake where that is not told} */
  public @Nullable Long waitNs() {
    Long end = retryNs == null ? endNs : retryNs;
    return end == null ? null : end - enqueue.timeNs();
  }

  /** {@return how long its message lay unread} */
  public @Nullable Long unreadNs() {
    return readNs == null ? null : readNs - enqueue.timeNs();
  }

  /** {@return from the read to the call of the ioctl that woke it; 0 where that was under way} */
  public @Nullable Long readToIoctlNs() {
    return readNs == null || callNs == null ? null : Math.max(0, callNs - readNs);
  }

  /** {@return from the ioctl's call to the wake, as far as it is after the read} */
  public @Nullable Long ioctlNs() {
    if (callNs == null || endNs == null) {
      return null;
    }
    long before = readNs == null ? enqueue.timeNs() : readNs;
    return endNs - Math.max(callNs, before);
  }

  /** {@return from the wake to the next try} */
  public @Nullable Long wakeToRetryNs() {
    return endNs == null || retryNs == null ? null : retryNs - endNs;
  }

  /** {@return what of {@link #waitNs} is in none of the four parts} */
  public @Nullable Long unattributedNs() {
    Long whole = waitNs();
    return whole == null
        ? null
        : whole - of(unreadNs()) - of(readToIoctlNs()) - of(ioctlNs()) - of(wakeToRetryNs());
  }

  /** {@return the ioctl that answered it, null where none is known} */
  public @Nullable UffdIoctl ioctl() {
    return answer == null ? null : UffdIoctl.ofCode(answer.detail());
  }

  private static long of(@Nullable Long ns) {
    return ns == null ? 0 : ns;
  }
}
