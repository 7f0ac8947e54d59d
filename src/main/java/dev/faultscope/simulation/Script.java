package dev.faultscope.simulation;

import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.KvmAction;
import dev.faultscope.scenario.Observation;

/** Performs scripted steps on a machine; after each every thread has run until it sleeps. */
final class Script {
  private final Machine machine;
  private final UffdSteps uffds;
  private final MemorySteps memory;
  private final ThreadSteps threads;
  private final KvmSteps kvm;

  Script(Machine machine) {
    this.machine = machine;
    uffds = new UffdSteps(machine);
    memory = new MemorySteps(machine);
    threads = new ThreadSteps(machine, uffds);
    kvm = new KvmSteps(machine);
  }

  Machine machine() {
    return machine;
  }

  Observation perform(Action action) {
    return switch (action) {
      case Action.OfUffd call -> settled(uffds.call(call));
      case Action.OfMemory call -> settled(memory.call(call));
      case Action.Poll poll -> uffds.poll(poll);
      case Action.Read read -> settled(uffds.read(read));
      case Action.Pagemap pagemap -> memory.pagemap(pagemap.range());
      case Action.OfThread step -> {
        threads.perform(step);
        machine.kernel().settle();
        yield look(step.thread());
      }
      case KvmAction.OfVcpu step -> {
        kvm.perform(step);
        machine.kernel().settle();
        yield look(step.vcpu());
      }
      case Action.Wait wait -> {
        machine.kernel().clock().advance(wait.ns());
        yield Observation.errno(Errno.OK);
      }
      case Action.Kill kill ->
          throw new IllegalStateException("nobody runs the handler " + kill.handler());
      case KvmAction.OfVm call -> settled(kvm.call(call));
    };
  }

  /** {@return what became of a thread, which changes nothing} */
  Observation look(String thread) {
    Observation.Builder seen = threads.look(thread);
    if (machine.isVcpu(thread)) {
      kvm.addExit(thread, seen);
    }
    return seen.build();
  }

  private Observation settled(Observation seen) {
    machine.kernel().settle();
    return seen;
  }
}
