package dev.faultscope.simulation.kernel;

import java.util.List;

/**
 * The end of a system call: it sleeps until each of its events has been read, one after the other.
 */
final class EventWork implements Work {
  /** An event to be sent. */
  record Due(Userfaultfd uffd, UffdMessage message) {
    boolean isUnmapOf(Userfaultfd other) {
      return uffd == other && message.event() == UffdMessage.Event.UNMAP;
    }
  }

  private final List<Due> due;
  private int next;

  EventWork(List<Due> due) {
    this.due = List.copyOf(due);
    this.due.forEach(event -> event.uffd().eventIsDue());
  }

  @Override
  public void run(Kernel kernel, Task task) {
    while (next < due.size()) {
      Due event = due.get(next++);
      event.uffd().eventCame();
      if (sleep(kernel, task, event.uffd(), event.message())) {
        return;
      }
    }
    task.end(Task.Ending.DONE, 0);
  }

  /**
   * Queues an event and puts the thread to sleep, unless the userfaultfd was closed. {@return
   * whether it sleeps}
   */
  static boolean sleep(Kernel kernel, Task task, Userfaultfd uffd, UffdMessage message) {
    if (uffd.isReleased()) {
      return false;
    }
    uffd.events.add(new EventWait(task, message));
    task.state = Task.State.BLOCKED_IN_EVENT;
    kernel.threads().readable(uffd);
    return true;
  }
}
