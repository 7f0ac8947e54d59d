package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import dev.faultscope.policy.AccessOracle;
import dev.faultscope.policy.HandledPages;
import dev.faultscope.policy.Plan;
import dev.faultscope.policy.Policy;
import dev.faultscope.scenario.HandlerSpec;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.simulation.kernel.QueuedFault;
import dev.faultscope.simulation.kernel.UffdMessage;
import dev.faultscope.simulation.time.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** A handler: its readers, and what they share — a policy, a handled and a source of pages. */
final class Handler {
  private final HandlerSpec spec;
  private final Machine machine;
  private final HandledPages handled;
  private final Policy policy;
  private final Source source;
  private final UffdQueue desk;
  private final List<Reader> readers = new ArrayList<>();

  Handler(
      HandlerSpec spec,
      Scenario scenario,
      Machine machine,
      Scheduler scheduler,
      Function<HandledPages, AccessOracle> oracle,
      RandomGenerator random) {
    this.spec = spec;
    this.machine = machine;
    handled =
        new HandledPages(
            spec.memory().stream().map(part -> area(part, scenario, machine)).toList());
    policy = spec.policy().make(handled, oracle.apply(handled), random);
    source = new Source(spec.source(), random);
    desk = scheduler.desk(machine.uffd(spec.uffd()));
    for (int i = 0; i < spec.readers(); i++) {
      String name = spec.readers() == 1 ? spec.name() : spec.name() + "-" + i;
      Reader reader =
          new Reader(
              scheduler,
              this,
              desk,
              machine.kernel().newTask(name, ActorKind.HANDLER, -1, machine.mm()));
      readers.add(reader);
      desk.add(reader);
    }
  }

  private static HandledPages.Area area(HandlerSpec.Part part, Scenario scenario, Machine machine) {
    MemorySpec memory = scenario.memory(part.memory());
    boolean guestMemory = memory.backing() == Backing.GUEST_MEMFD;
    boolean anonymous = memory.backing() == Backing.ANON;
    long modes = part.modes() & (Region.MISSING | Region.MINOR);
    return new HandledPages.Area(
        part.memory(),
        part.first(),
        machine.address(new Place(part.memory(), part.first() * PAGE_BYTES)),
        part.pages(),
        memory.unitPages(),
        memory.filePage(),
        guestMemory || (modes == 0 ? !anonymous : (modes & Region.MINOR) != 0),
        !guestMemory && (modes == 0 || (modes & Region.MISSING) != 0),
        !guestMemory,
        isFilled(memory, scenario) ? HandledPages.Content.CACHED : HandledPages.Content.SOURCE);
  }

  private static boolean isFilled(MemorySpec memory, Scenario scenario) {
    String of = memory.of();
    return of == null
        ? memory.fill() != MemorySpec.ABSENT
        : scenario.memory(of).fill() != MemorySpec.ABSENT;
  }

  /**
   * {@return the handler of a name}
   *
   * @throws IllegalArgumentException if there is none
   */
  static Handler named(List<Handler> crews, String name) {
    return crews.stream()
        .filter(crew -> crew.spec.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no handler is called " + name));
  }

  HandlerSpec spec() {
    return spec;
  }

  Machine machine() {
    return machine;
  }

  HandledPages handled() {
    return handled;
  }

  Source source() {
    return source;
  }

  List<Reader> readers() {
    return readers;
  }

  /** Nobody of it does anything any more; its userfaultfd stays open, as the VMM has it too. */
  void die() {
    for (Reader reader : readers) {
      desk.remove(reader);
      reader.die();
    }
  }

  /** {@return faults that wait at its userfaultfd} */
  List<QueuedFault> queued() {
    return desk.uffd().queued();
  }

  /** Answers a fault at once. {@return whether there is a reader who can} */
  boolean answerNow(QueuedFault fault) {
    for (Reader reader : readers) {
      if (!reader.isDead()) {
        reader.answerNow(fault);
        return true;
      }
    }
    return false;
  }

  /** A message was read: says what to do about it. */
  void told(UffdMessage message, Plan plan) {
    switch (message.event()) {
      case PAGEFAULT -> fault(message.address(), message.flags(), plan);
      case REMOVE, UNMAP -> removed(message.address(), message.to());
      case REMAP, FORK -> {
        // Where pages went, or a child's copy of them, is no part of this handler's memory.
      }
    }
  }

  /** A fault of a userfaultfd's message, or of somebody's hand; one elsewhere is not ours. */
  void fault(long address, int flags, Plan plan) {
    int page = handled.pageAt(address);
    if (page < 0) {
      return;
    }
    if ((flags & UffdMessage.FLAG_WP) != 0) {
      plan.add(Plan.Kind.UNPROTECT, handled.unitStart(page));
      return;
    }
    handled.told(page, (flags & UffdMessage.FLAG_MINOR) != 0);
    policy.fault(page, plan);
  }

  private void removed(long start, long end) {
    for (long at = start; at < end; at += PAGE_BYTES) {
      int page = handled.pageAt(at);
      if (page >= 0) {
        handled.removed(page, 1);
      }
    }
  }

  /** Does what can be done before the start, at no cost. */
  void prepare() {
    Plan plan = new Plan();
    policy.prepare(plan);
    readers.getFirst().carryOut(plan);
  }

  /** Nothing is left to do: says what to do ahead of faults. */
  void idle(Plan plan) {
    policy.idle(plan);
  }
}
