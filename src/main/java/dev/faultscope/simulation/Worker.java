package dev.faultscope.simulation;

import dev.faultscope.scenario.Cost;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.workload.Accesses;

/** A thread or vCPU that makes one access after the other, as its workload says. */
final class Worker extends Sleeper {
  /** How its accesses are made. */
  interface Access {
    /** Accesses a page of its memory; the thread is idle. */
    void make(int page, boolean write);

    /** {@return whether that can be done without a fault} */
    boolean isMapped(int page);
  }

  private final Accesses accesses;
  private final Access access;
  private final long accessNs;
  private final long softFaultNs;
  private boolean ended;

  /**
   * @param thinkNs what it does between two accesses
   */
  Worker(Clockwork clockwork, Task task, Accesses accesses, Access access, long thinkNs) {
    super(clockwork, task);
    this.accesses = accesses;
    this.access = access;
    accessNs = clockwork.costs().ns(Cost.ACCESS) + thinkNs;
    softFaultNs = clockwork.costs().ns(Cost.SOFT_FAULT);
  }

  @Override
  public void act() {
    Task task = task();
    if (task.state() == Task.State.READY) {
      clockwork().kernel().resume(task);
      goOn(clockwork().nowNs());
    } else if (task.state() == Task.State.IDLE && !ended) {
      if (accesses.advance()) {
        access();
      } else {
        ended = true;
      }
    }
  }

  private void access() {
    int page = accesses.page();
    boolean wasMapped = access.isMapped(page);
    access.make(page, accesses.isWrite());
    long now = clockwork().nowNs();
    goOn(wasMapped || task().isAsleep() ? now : clockwork().changePageTable() + softFaultNs);
  }

  /** Its access is over or it sleeps; a thread that got a signal for it is done with. */
  private void goOn(long fromNs) {
    Task task = task();
    if (task.state() != Task.State.IDLE) {
      return;
    }
    if (task.ending() == Task.Ending.DONE) {
      clockwork().agenda().schedule(this, fromNs + accessNs);
    } else {
      ended = true;
    }
  }
}
