package dev.faultscope.simulation.kernel;

import dev.faultscope.model.KernelEventKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who runs, who was woken, and whom a signal keeps from sleeping. */
final class Threads {
  /** More runs than this without sleeping is a mistake of ours, not of the scenario. */
  private static final int MAX_RUNS = 1_000_000;

  private final Kernel kernel;
  private final Deque<Task> ready = new ArrayDeque<>();
  private final Set<Task> storming = new LinkedHashSet<>();
  private Kernel.@Nullable WakeListener listener;

  Threads(Kernel kernel) {
    this.kernel = kernel;
  }

  void listener(Kernel.WakeListener wakes) {
    listener = wakes;
  }

  /** A woken thread runs again, its access from scratch. */
  void resume(Task task) {
    if (task.state != Task.State.READY) {
      return;
    }
    task.state = Task.State.IDLE;
    Work work = task.work;
    if (work == null) {
      return;
    }
    work.run(kernel, task);
  }

  /** Runs woken threads until none is left. */
  void settle() {
    for (int runs = 0; !ready.isEmpty(); runs++) {
      if (runs == MAX_RUNS) {
        throw new IllegalStateException("threads keep waking each other");
      }
      resume(ready.remove());
    }
  }

  void wakeUp(Task task) {
    if (task.state == Task.State.EXITED) {
      return;
    }
    task.state = Task.State.READY;
    task.waiter = null;
    storming.remove(task);
    if (listener != null) {
      listener.woken(task);
    } else {
      ready.add(task);
    }
  }

  void readable(Userfaultfd uffd) {
    if (listener != null) {
      listener.readable(uffd);
    }
  }

  /**
   * Sends a thread a signal it handles. In a user-mode fault the handler runs and the instruction
   * faults again. In a kernel-mode fault the thread cannot sleep while the signal is pending: see
   * {@link #stormPass}.
   */
  void signal(Task task) {
    kernel.journal().kernel(KernelEventKind.SIGNAL, task.actor(), null, 0, 0, task.cause);
    Waiter waiter = task.waiter;
    if (task.state != Task.State.BLOCKED || waiter == null) {
      if (task.isAsleep() || task.state == Task.State.READY) {
        task.signalPending = true;
      } else {
        task.signalsHandled++;
      }
      return;
    }
    if (!task.isKernelMode()) {
      task.signalsHandled++;
      interrupt(waiter);
    } else if (task.interruptible) {
      task.signalPending = true;
      interrupt(waiter);
    } else {
      task.signalPending = true;
    }
  }

  private void interrupt(Waiter waiter) {
    waiter.uffd.leave(waiter);
    kernel.journal().wake(waiter, waiter.task.cause);
    wakeUp(waiter.task);
  }

  /** A thread with a pending signal queued another message and does not really sleep. */
  void stormed(Task task) {
    storming.add(task);
  }

  /**
   * Every thread that a pending signal keeps from sleeping faults once more. The real kernel does
   * so as fast as it can. {@return whether there was one}
   */
  boolean stormPass() {
    boolean any = false;
    for (Task task : List.copyOf(storming)) {
      Waiter waiter = task.waiter;
      if (task.state == Task.State.BLOCKED && waiter != null) {
        interrupt(waiter);
        any = true;
      }
    }
    return any;
  }

  /** Ends a thread, asleep or not. */
  void kill(Task task) {
    Waiter waiter = task.waiter;
    task.state = Task.State.EXITED;
    task.work = null;
    storming.remove(task);
    task.cause = kernel.journal().kernel(KernelEventKind.THREAD_EXIT, task.actor(), null, 0, 0, 0);
    if (waiter != null) {
      task.waiter = null;
      waiter.uffd.leave(waiter);
      kernel.journal().wake(waiter, task.cause);
    }
  }
}
