package dev.faultscope.live.handler;

import dev.faultscope.linux.UffdResult;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.UffdIoctl;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A person's hand on a real handler. Safe for many threads: what is asked happens on the handler's
 * own thread, and the answer comes when it happened.
 *
 * <p>What is held is a real thread, asleep in the real kernel. A watchdog lets everything go after
 * a time.
 */
public interface LiveControl {
  /** Answers whatever is held, and from now on everything at once. */
  CompletableFuture<Void> runFreely();

  /** Holds faults that match, from now on; the others are answered at once. */
  CompletableFuture<Void> hold(HoldRule which);

  /** Answers whatever is held, and from now on holds faults that match: none slips by between. */
  CompletableFuture<Void> release(HoldRule which);

  /** Answers the fault held longest. {@return whether one was} */
  CompletableFuture<Boolean> step();

  /**
   * Answers one held fault, whichever it is.
   *
   * @param sequence the fault's own
   * @return whether it was held
   */
  CompletableFuture<Boolean> step(long sequence);

  /**
   * Makes one ioctl as asked, right or wrong.
   *
   * @return what the kernel truly said
   */
  CompletableFuture<UffdResult> answer(ByHand ioctl);

  /**
   * Records that pages went without a message telling so: a hole in their file, or madvise where
   * the userfaultfd was not asked to tell of it.
   *
   * @param region index of the region
   */
  CompletableFuture<Void> gone(HoleKind how, int region, int firstPage, int pages);

  /** {@return what is held, oldest first} */
  List<WaitingFault> held();

  /** {@return whether some faults are to be held; a watchdog that let go ends that} */
  boolean isHolding();

  /** {@return the recording's time, nanoseconds} */
  long nowNs();

  /**
   * Whom to tell when something else is held, or faults are held no more. On the handler's own
   * thread: must return at once.
   */
  void onChange(Runnable told);

  /** Ends the handler in good order; its memory lives on without it. */
  void stop();

  /**
   * An ioctl by hand.
   *
   * @param ioctl which; COPY, ZEROPAGE, CONTINUE, POISON, WRITEPROTECT, WAKE or UNREGISTER
   * @param region index of the region
   * @param firstPage first page of 4 KiB
   * @param pages how many
   * @param mode the structure's mode bits
   * @param value COPY: the byte that every page is to hold, -1 for what the memory file has
   */
  record ByHand(UffdIoctl ioctl, int region, int firstPage, int pages, long mode, int value) {}
}
