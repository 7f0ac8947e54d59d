package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.policy.HandledPages;
import dev.faultscope.policy.UffdPort;
import dev.faultscope.scenario.Cost;
import dev.faultscope.scenario.Costs;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.simulation.kernel.FillRequest;
import dev.faultscope.simulation.kernel.IoctlResult;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.Userfaultfd;

/** Carries out a handler's calls on the simulated kernel, and says how long each takes. */
final class SimulatedPort implements UffdPort {
  private static final long DONTWAKE = UffdIoctl.COPY.bit("DONTWAKE");

  private final Handler handler;
  private final HandledPages handled;
  private final Kernel kernel;
  private final Costs costs;
  private final Task task;
  private final Userfaultfd uffd;

  /**
   * @param task the thread that makes the calls
   */
  SimulatedPort(Handler handler, Scheduler scheduler, Task task, Userfaultfd uffd) {
    this.handler = handler;
    this.task = task;
    this.uffd = uffd;
    handled = handler.handled();
    kernel = scheduler.kernel();
    costs = scheduler.costs();
  }

  /** {@return how long a call takes; what a fetch takes is drawn} */
  long costNs(Call call, int count) {
    return switch (call) {
      case WRITE -> handler.source().fetchNs(count) + count * costs.ns(Cost.WRITE_PAGE);
      case COPY -> handler.source().fetchNs(count) + ns(Cost.COPY, Cost.COPY_PAGE, count);
      case CONTINUE -> ns(Cost.CONTINUE, Cost.CONTINUE_PAGE, count);
      case ZEROPAGE -> ns(Cost.ZEROPAGE, Cost.ZEROPAGE_PAGE, count);
      case WAKE -> costs.ns(Cost.WAKE_IOCTL);
      case UNPROTECT -> ns(Cost.WRITEPROTECT, Cost.WRITEPROTECT_PAGE, count);
    };
  }

  private long ns(Cost one, Cost more, int count) {
    return costs.ns(one) + (count - 1) * costs.ns(more);
  }

  @Override
  public Result make(Call call, int first, int count, boolean wakes) {
    long start = handled.address(first);
    long bytes = count * PAGE_BYTES;
    long mode = wakes ? 0 : DONTWAKE;
    return switch (call) {
      case WRITE -> write(first, count);
      case COPY -> fill(FillRequest.copyOf(FillRequest.PATTERN, start, bytes, mode));
      case CONTINUE -> fill(FillRequest.resume(start, bytes, mode));
      case ZEROPAGE -> fill(FillRequest.zeropage(start, bytes, mode));
      case WAKE -> of(kernel.uffd().wake(task, uffd, start, bytes), count);
      case UNPROTECT -> of(kernel.uffd().writeProtect(task, uffd, start, bytes, 0), count);
    };
  }

  private Result fill(FillRequest request) {
    IoctlResult result = kernel.uffd().fill(task, uffd, request);
    return new Result(result.errno(), (int) Math.max(0, result.field() / PAGE_BYTES));
  }

  private static Result of(IoctlResult result, int count) {
    return new Result(result.errno(), result.errno() == Errno.OK ? count : 0);
  }

  private Result write(int first, int count) {
    HandledPages.Area area = handled.area(first);
    MemoryFile file = handler.machine().file(area.name());
    int page = handled.pageInMapping(first);
    for (int i = 0; i < count; i++) {
      int value = handled.isRemoved(first + i) ? 0 : (page + i) % MemorySpec.PATTERN_MODULUS;
      Errno errno =
          kernel.memory().write(task, file, area.filePage() + page + i, 0, (int) PAGE_BYTES, value);
      if (errno != Errno.OK) {
        return new Result(errno, i);
      }
    }
    return new Result(Errno.OK, count);
  }
}
