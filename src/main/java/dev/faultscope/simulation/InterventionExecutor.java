package dev.faultscope.simulation;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Span;
import dev.faultscope.simulation.kernel.FillRequest;
import dev.faultscope.simulation.kernel.IoctlResult;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryCalls;
import dev.faultscope.simulation.kernel.QueuedFault;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.UffdCalls;
import dev.faultscope.simulation.kernel.UffdMessage;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.simulation.kvm.KvmAccess;
import java.util.Comparator;
import java.util.List;

/** Does what a person's hand asks for, and says why the kernel answered as it did. */
final class InterventionExecutor {
  private static final int PUNCH_HOLE =
      MemoryCalls.FALLOC_PUNCH_HOLE | MemoryCalls.FALLOC_KEEP_SIZE;

  private final Machine machine;
  private final Kernel kernel;
  private final List<Handler> crews;
  private int strangers;

  InterventionExecutor(Machine machine, List<Handler> crews) {
    this.machine = machine;
    this.crews = crews;
    kernel = machine.kernel();
  }

  /** An errno, an ioctl's result field, and words. */
  record Done(Errno errno, long field, String what) {
    static Done of(String what) {
      return new Done(Errno.OK, IoctlResult.UNTOUCHED, what);
    }

    static Done refused(Errno errno, String why) {
      return new Done(errno, IoctlResult.UNTOUCHED, why);
    }
  }

  /**
   * Does it.
   *
   * @throws IllegalArgumentException if it names what there is not
   */
  Done perform(Intervention hand) {
    return switch (hand) {
      case Intervention.Ioctl h -> ioctl(h);
      case Intervention.ReadMessage h -> read(machine.uffd(h.uffd()));
      case Intervention.StepPolicy h -> stepPolicy(h.fault());
      case Intervention.Signal h -> {
        kernel.signal(machine.task(h.actor()));
        yield Done.of(h.actor() + " gets a signal");
      }
      case Intervention.PunchHole h -> punchHole(h.range());
      case Intervention.DontNeed h -> madvise(h.range(), MemoryCalls.Advice.DONTNEED);
      case Intervention.Remove h -> madvise(h.range(), MemoryCalls.Advice.REMOVE);
      case Intervention.KillHandler h -> kill(h.handler());
      case Intervention.Touch h -> touch(h);
      case Intervention.KvmAccess h -> kvmAccess(h);
    };
  }

  private Done ioctl(Intervention.Ioctl hand) {
    UffdCalls calls = kernel.uffd();
    Userfaultfd uffd = machine.uffd(hand.uffd());
    Task by = machine.handler();
    long start = machine.address(hand.range().start());
    long bytes = hand.range().bytes();
    Place from = hand.from();
    by.actsBecauseOf(reason(uffd, start, bytes));
    IoctlResult result =
        switch (hand.ioctl()) {
          case WRITEPROTECT -> calls.writeProtect(by, uffd, start, bytes, hand.mode());
          case WAKE -> calls.wake(by, uffd, start, bytes);
          case REGISTER -> calls.register(by, uffd, start, bytes, hand.mode());
          case UNREGISTER -> calls.unregister(by, uffd, start, bytes);
          case MOVE -> {
            if (from == null) {
              throw new IllegalArgumentException("MOVE needs the place that pages come from");
            }
            yield calls.move(by, uffd, start, machine.address(from), bytes, hand.mode());
          }
          case API, UNKNOWN -> throw new IllegalArgumentException(hand.ioctl() + " has no range");
          // The fills, which have one argument in common.
          default ->
              calls.fill(
                  by,
                  uffd,
                  new FillRequest(
                      hand.ioctl(),
                      start,
                      bytes,
                      hand.mode(),
                      from == null ? -1 : machine.address(from),
                      hand.value()));
        };
    return new Done(
        result.errno(),
        result.field(),
        IoctlExplanations.ofIoctl(hand, result, uffd.queued(), start));
  }

  /** A hand answers whoever waits for those pages, and not the message that was read last. */
  private static long reason(Userfaultfd uffd, long start, long bytes) {
    return uffd.queued().stream()
        .filter(fault -> fault.address() >= start && fault.address() < start + bytes)
        .min(Comparator.comparingLong(QueuedFault::sequence))
        .map(fault -> fault.read() ? fault.readSequence() : fault.sequence())
        .orElse(0L);
  }

  private Done read(Userfaultfd uffd) {
    if (!uffd.isReadable()) {
      return Done.refused(Errno.EAGAIN, "no message is queued");
    }
    UffdMessage message = kernel.uffd().readOne(machine.handler(), uffd);
    return message.event() == UffdMessage.Event.PAGEFAULT
        ? Done.of("the message was read; its thread sleeps on until an ioctl wakes it")
        : Done.of("the event was read; the thread that caused it goes on");
  }

  private Done stepPolicy(long sequence) {
    for (Handler crew : crews) {
      for (QueuedFault fault : crew.queued()) {
        if (fault.sequence() == sequence) {
          return crew.answerNow(fault)
              ? Done.of(crew.spec().name() + " did what its policy says")
              : Done.refused(Errno.ESRCH, crew.spec().name() + " is dead");
        }
      }
    }
    return Done.refused(Errno.ENOENT, "no fault with that number waits for a handler");
  }

  private Done punchHole(Span range) {
    String memory = range.start().memory();
    if (memory == null) {
      throw new IllegalArgumentException("a hole is punched into a named memory's file");
    }
    Errno errno =
        kernel
            .memory()
            .fallocate(
                machine.handler(),
                machine.file(memory),
                PUNCH_HOLE,
                range.start().offset(),
                range.bytes());
    return new Done(
        errno,
        IoctlResult.UNTOUCHED,
        errno == Errno.OK
            ? "the pages left the file and every page table"
            : IoctlExplanations.failed(errno));
  }

  private Done madvise(Span range, MemoryCalls.Advice advice) {
    Task by = stranger();
    kernel.memory().madvise(by, machine.address(range.start()), range.bytes(), advice);
    if (by.isAsleep()) {
      return Done.of("the caller sleeps until the handler has read the REMOVE event");
    }
    return by.ending() == Task.Ending.DONE
        ? Done.of("the pages are gone")
        : Done.refused(Errno.of(by.result()), IoctlExplanations.failed(Errno.of(by.result())));
  }

  private Task stranger() {
    String name = "hand-" + ++strangers;
    Task task = kernel.newTask(name, ActorKind.THREAD, -1, machine.mm());
    machine.add(name, task);
    return task;
  }

  private Done kill(String name) {
    Handler.named(crews, name).die();
    return Done.of(name + " is dead; the VMM still holds the userfaultfd, so who waits waits on");
  }

  private Done touch(Intervention.Touch hand) {
    Task by = hand.actor() == null ? stranger() : machine.task(hand.actor());
    if (by.state() != Task.State.IDLE) {
      return Done.refused(Errno.EBUSY, by.name() + " is in the middle of something");
    }
    if (machine.isVcpu(by.name())) {
      machine.vcpu(by.name()).access(gpa(hand.at()), hand.write(), hand.value());
    } else {
      kernel.access(by, machine.address(hand.at()), hand.write(), hand.value(), AccessOrigin.USER);
    }
    return went(by);
  }

  private Done kvmAccess(Intervention.KvmAccess hand) {
    if (!machine.isVcpu(hand.vcpu())) {
      throw new IllegalArgumentException(hand.vcpu() + " is no vCPU");
    }
    Task by = machine.task(hand.vcpu());
    if (by.state() != Task.State.IDLE) {
      return Done.refused(Errno.EBUSY, by.name() + " is in the middle of something");
    }
    machine.vcpu(hand.vcpu()).kvmAccess(KvmAccess.KVMCLOCK, gpa(hand.at()), 0xff);
    return went(by);
  }

  private long gpa(Place at) {
    String memory = at.memory();
    if (memory == null) {
      throw new IllegalArgumentException("a guest accesses named memory");
    }
    return machine.slotOf(memory).gpa() + at.offset();
  }

  private static Done went(Task by) {
    return switch (by.ending()) {
      case DONE -> Done.of(by.name() + " went on without waiting");
      case NONE -> Done.of(by.name() + " sleeps in the fault");
      case EXITED_TO_VMM -> Done.of(by.name() + " left the guest");
      case SIGBUS, SIGSEGV -> Done.refused(Errno.EFAULT, by.name() + " gets " + by.ending());
      case FAILED ->
          Done.refused(Errno.of(by.result()), IoctlExplanations.failed(Errno.of(by.result())));
    };
  }
}
