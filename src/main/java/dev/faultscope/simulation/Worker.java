package dev.faultscope.simulation;

import dev.faultscope.model.KernelEventKind;
import dev.faultscope.scenario.Cost;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.workload.Accesses;

/** A thread or vCPU that makes one access after the other, as its workload says. */
final class Worker extends Sleeper {
  /** Stands for an exit that nobody answers. */
  static final long NEVER = -1;

  /** How its accesses are made. */
  interface Access {
    /** Accesses a page of its memory; the thread is idle. */
    void make(int page, boolean write);

    /** {@return whether that can be done without a fault} */
    boolean isMapped(int page);

    /** {@return the user address of a page} */
    long addressOf(int page);

    /** {@return how long a fault takes that the kernel resolves by itself} */
    long faultNs();

    /** {@return how long the access takes once more, after its thread slept} */
    default long retryNs() {
      return 0;
    }

    /** {@return whether it is in the middle of a fault that the kernel takes time to answer} */
    default boolean isInKernel() {
      return false;
    }

    /** {@return how long answering the exit takes that ended the access, or {@link #NEVER}} */
    default long answerNs() {
      return NEVER;
    }

    /** Answers the exit; the access goes on. */
    default void enterAgain() {}
  }

  private final Accesses accesses;
  private final Access access;
  private final long accessNs;
  private boolean left;
  private long leftNs;
  private boolean begun;
  private boolean ended;

  /**
   * @param thinkNs what it does between two accesses
   */
  Worker(Scheduler scheduler, Task task, Accesses accesses, Access access, long thinkNs) {
    super(scheduler, task);
    this.accesses = accesses;
    this.access = access;
    accessNs = scheduler.costs().ns(Cost.ACCESS) + thinkNs;
  }

  @Override
  public void act() {
    Task task = task();
    if (left) {
      left = false;
      task.addStall(scheduler().nowNs() - leftNs);
      access.enterAgain();
      goOn(mapped(access.retryNs()));
    } else if (task.state() == Task.State.READY) {
      boolean slept = !access.isInKernel();
      scheduler().kernel().resume(task);
      goOn(slept ? mapped(access.retryNs()) : scheduler().nowNs());
    } else if (task.state() == Task.State.IDLE && !ended) {
      if (!begun) {
        begun = true;
        scheduler().kernel().tell(KernelEventKind.SCHED_IN, task);
      }
      if (accesses.advance()) {
        access();
      } else {
        end();
      }
    }
  }

  private void access() {
    int page = accesses.page();
    boolean wasMapped = access.isMapped(page);
    access.make(page, accesses.isWrite());
    boolean goesOn = wasMapped || task().isAsleep() || access.isInKernel();
    goOn(goesOn ? scheduler().nowNs() : mapped(access.faultNs()));
  }

  /** {@return when an access that mapped its page is over} */
  private long mapped(long ns) {
    return ns + scheduler().changePageTable(access.addressOf(accesses.page()));
  }

  /** Its access is over or it sleeps; a thread that got a signal for it is done with. */
  private void goOn(long fromNs) {
    Task task = task();
    if (access.isInKernel()) {
      scheduler().events().schedule(this, mapped(access.faultNs()));
      return;
    }
    if (task.state() != Task.State.IDLE) {
      return;
    }
    switch (task.ending()) {
      case DONE -> scheduler().events().schedule(this, fromNs + accessNs);
      case EXITED_TO_VMM -> leave();
      default -> end();
    }
  }

  private void end() {
    ended = true;
    scheduler().kernel().tell(KernelEventKind.SCHED_OUT_SLEEP, task());
  }

  private void leave() {
    long ns = access.answerNs();
    if (ns == NEVER) {
      end();
      return;
    }
    left = true;
    leftNs = scheduler().nowNs();
    scheduler().events().schedule(this, leftNs + ns);
  }
}
