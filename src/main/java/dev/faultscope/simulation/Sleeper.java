package dev.faultscope.simulation;

import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.time.Agent;

/** Acts for a thread that does nothing by itself: lets it go on after it was woken. */
class Sleeper extends Agent {
  private final Scheduler scheduler;
  private final Task task;

  Sleeper(Scheduler scheduler, Task task) {
    this.scheduler = scheduler;
    this.task = task;
  }

  final Task task() {
    return task;
  }

  final Scheduler scheduler() {
    return scheduler;
  }

  @Override
  public void act() {
    scheduler.kernel().resume(task);
  }
}
