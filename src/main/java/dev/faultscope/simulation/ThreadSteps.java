package dev.faultscope.simulation;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Span;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryCalls;
import dev.faultscope.simulation.kernel.Mm;
import dev.faultscope.simulation.kernel.Task;

/** The steps of threads: accesses, and system calls that may have to sleep. */
final class ThreadSteps {
  private final Machine machine;
  private final UffdSteps uffds;

  ThreadSteps(Machine machine, UffdSteps uffds) {
    this.machine = machine;
    this.uffds = uffds;
  }

  void perform(Action.OfThread action) {
    Task task = machine.task(action.thread());
    Kernel kernel = machine.kernel();
    MemoryCalls memory = kernel.memory();
    switch (action) {
      case Action.Look _ -> {}
      case Action.Touch a -> {
        boolean user = a.mode() == Action.Mode.USER;
        AccessOrigin origin = user ? AccessOrigin.USER : AccessOrigin.KERNEL;
        kernel.access(task, machine.address(a.at()), a.write(), a.value(), origin);
      }
      case Action.Signal _ -> kernel.signal(task);
      case Action.Madvise a -> {
        MemoryCalls.Advice advice = MemoryCalls.Advice.valueOf(a.advice().name());
        memory.madvise(task, at(a.range()), a.range().bytes(), advice);
      }
      case Action.Mprotect a ->
          memory.mprotect(task, at(a.range()), a.range().bytes(), a.writable());
      case Action.Munmap a -> memory.munmap(task, at(a.range()), a.range().bytes());
      case Action.Mremap a -> {
        long to = memory.mremap(task, at(a.range()), a.range().bytes(), a.as());
        if (to >= 0) {
          String from = a.range().start().memory();
          machine.place(a.as(), to, from == null ? null : machine.fileOrNull(from));
        }
      }
      case Action.Fork a -> {
        uffds.awaitChild(a.childUffd());
        Mm child = memory.fork(task, a.child());
        machine.add(a.child(), kernel.newTask(a.child(), ActorKind.THREAD, -1, child));
      }
      case Action.Exit _ -> memory.exit(task.mm());
    }
  }

  private long at(Span range) {
    return machine.address(range.start());
  }

  /** {@return what became of a thread} */
  Observation.Builder look(String thread) {
    Task task = machine.task(thread);
    Observation.Builder seen = Observation.of();
    seen.number(Fact.SIGNALS, task.signalsHandled());
    switch (task.state()) {
      case BLOCKED, BLOCKED_IN_EVENT, READY -> seen.word(Fact.STATE, "blocked");
      case EXITED -> seen.word(Fact.STATE, "exited");
      case IDLE -> {
        seen.word(Fact.STATE, task.ending());
        if (task.ending() == Task.Ending.DONE) {
          seen.number(Fact.VALUE, task.result());
        } else if (task.ending() == Task.Ending.FAILED) {
          seen.word(Fact.ERRNO, Errno.nameOf(task.result()));
        }
      }
    }
    return seen;
  }
}
