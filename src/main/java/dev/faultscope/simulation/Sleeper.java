package dev.faultscope.simulation;

import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.time.Agent;

/** Acts for a thread that does nothing by itself: lets it go on after it was woken. */
class Sleeper extends Agent {
  private final Clockwork clockwork;
  private final Task task;

  Sleeper(Clockwork clockwork, Task task) {
    this.clockwork = clockwork;
    this.task = task;
  }

  final Task task() {
    return task;
  }

  final Clockwork clockwork() {
    return clockwork;
  }

  @Override
  public void act() {
    clockwork.kernel().resume(task);
  }
}
