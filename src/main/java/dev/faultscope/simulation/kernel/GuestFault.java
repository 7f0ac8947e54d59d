package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.KernelEventKind;
import org.jspecify.annotations.Nullable;

/**
 * The faults that a vCPU has with KVM itself, one after the other, told step by step: it leaves the
 * guest, KVM takes the fault up, finds the host page, decides, sets entries of stage 2, and the
 * vCPU enters the guest. It waits in between, however KVM comes to its decision.
 */
public final class GuestFault {
  private final Kernel kernel;
  private final Task task;
  private int count;
  private boolean waits;
  private Mm mm;
  private long address;
  private int flags;
  private long enqueued;
  private long decision;
  private long sinceNs;

  GuestFault(Kernel kernel, Task task) {
    this.kernel = kernel;
    this.task = task;
    mm = task.mm();
  }

  /**
   * The vCPU leaves the guest.
   *
   * @param in whose addresses {@code at} is one of
   * @param at the user address behind what it accesses; one that nobody maps where there is none
   * @param fetch whether it fetches an instruction
   */
  public void begin(Mm in, long at, boolean write, boolean fetch) {
    if (waits) {
      throw new IllegalStateException(task.name() + " waits for a fault already");
    }
    waits = true;
    count++;
    mm = in;
    address = at;
    flags = (write ? EventFlags.WRITE : 0) | (fetch ? EventFlags.FETCH : 0);
    task.address = at;
    task.write = write;
    task.origin = AccessOrigin.STAGE2;
    sinceNs = kernel.clock().nowNs();
    kernel.interruption().worked();
    long exit = kernel.journal().crosses(task, ExitReason.STAGE2_FAULT);
    long touch = tell(EventKind.TOUCH, AccessOrigin.STAGE2.code(), exit);
    enqueued = tell(EventKind.ENQUEUE, FaultOrigin.STAGE2.code(), touch);
    decision = enqueued;
    tell(EventKind.READ, FaultOrigin.STAGE2.code(), enqueued);
    task.cause = enqueued;
  }

  private long tell(EventKind kind, int detail, long cause) {
    return kernel.journal().guest(kind, detail, task, flags, mapping(), page(), cause);
  }

  private @Nullable Vma mapping() {
    return mm.find(address);
  }

  private long page() {
    return address & -PAGE_BYTES;
  }

  /** {@return whether the vCPU waits} */
  public boolean waits() {
    return waits;
  }

  /** {@return whether the vCPU waits for a page} */
  public boolean isAt(Mm owner, long page) {
    return waits && page() == page && mm == owner;
  }

  /** {@return how many faults there were} */
  public int count() {
    return count;
  }

  /** KVM has found the host page. */
  public void hostPage() {
    tell(EventKind.KERNEL, KernelEventKind.HOST_PAGE.code(), enqueued);
  }

  /** KVM decides, and the access does not pass by that. */
  public void decide(DecideReason reason) {
    decision = tell(EventKind.DECIDE, reason.code(), enqueued);
    task.cause = decision;
  }

  /**
   * KVM decides so that the access passes.
   *
   * @param value the byte that it sees, of a store the one that it writes
   */
  public void pass(DecideReason reason, int value) {
    decision =
        kernel.journal().guestPasses(reason, task, flags, mapping(), address, enqueued, value);
    task.cause = decision;
  }

  /**
   * Entries of stage 2 were set, because of what the thread did last: decided, mostly.
   *
   * @param in whose addresses {@code start} and {@code end} are
   * @param start first user address of what they show
   * @param clear facts that the pages lose
   * @param set facts that they gain then
   */
  public void entries(Mm in, long start, long end, int clear, int set) {
    for (Vma vma : in.in(start, end)) {
      long from = Math.max(start, vma.start);
      long to = Math.min(end, vma.end);
      task.cause = kernel.journal().entries(task.actor(), vma, from, to, clear, set, task.cause);
    }
  }

  /** The vCPU enters the guest. Nothing happens where it does not wait. */
  public void end() {
    if (waits) {
      giveUp();
      kernel.journal().crosses(task, ExitReason.ENTRY);
    }
  }

  /** The vCPU waits no more: KVM_RUN fails. Nothing happens where it does not wait. */
  public void giveUp() {
    if (waits) {
      waits = false;
      task.addStall(kernel.clock().nowNs() - sinceNs);
      tell(EventKind.WAKE, FaultOrigin.STAGE2.code(), decision);
    }
  }
}
