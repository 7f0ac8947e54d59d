package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.policy.HandledPages;
import dev.faultscope.policy.Plan;
import dev.faultscope.scenario.Cost;
import dev.faultscope.scenario.Costs;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.simulation.kernel.FillRequest;
import dev.faultscope.simulation.kernel.IoctlResult;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.Userfaultfd;

/**
 * Carries out a plan, one system call at a time, and deals with what each answers: EEXIST becomes a
 * WAKE, EAGAIN waits until the queue is drained, ENOENT and ESRCH drop the entry, EFAULT of a
 * CONTINUE fills the file first.
 */
final class PlanExecutor {
  /** What the next system call is. */
  private enum Call {
    /** Bring pages from the source and write them into the file. */
    WRITE,
    COPY,
    CONTINUE,
    ZEROPAGE,
    WAKE,
    UNPROTECT
  }

  /** A CONTINUE that still faults after its page was written cannot be helped. */
  private static final int MAX_REFILLS = 1;

  private final Handler crew;
  private final HandledPages handled;
  private final Kernel kernel;
  private final Costs costs;
  private final Task task;
  private final Userfaultfd uffd;

  private Call call = Call.WAKE;
  private int first;
  private int count;
  private long mode;
  private boolean mustWake;
  private boolean mustDrain;
  private int refills;

  PlanExecutor(Handler crew, Scheduler scheduler, Task task, Userfaultfd uffd) {
    this.crew = crew;
    this.task = task;
    this.uffd = uffd;
    handled = crew.handled();
    kernel = scheduler.kernel();
    costs = scheduler.costs();
  }

  /** {@return whether events must be read before anything can be filled again} */
  boolean mustDrain() {
    return mustDrain && uffd.isReadable();
  }

  /** Chooses the next system call for the entry at the front. {@return how long it takes} */
  long prepare(Plan plan) {
    mustDrain = false;
    first = plan.first();
    count = plan.count();
    mode = plan.kind() == Plan.Kind.INSTALL_QUIETLY ? UffdIoctl.COPY.bit("DONTWAKE") : 0;
    if (mustWake) {
      call = Call.WAKE;
      first = handled.unitStart(first);
      count = handled.area(first).unitPages();
    } else {
      call =
          switch (plan.kind()) {
            case WAKE -> Call.WAKE;
            case UNPROTECT -> Call.UNPROTECT;
            case INSTALL, INSTALL_QUIETLY -> install();
          };
    }
    return costNs();
  }

  /** Finds how the first page is put in place, and how many after it are in the same way. */
  private Call install() {
    int unit = handled.area(first).unitPages();
    int end = handled.unitStart(Math.min(first + count, handled.areaEnd(first)) - 1) + unit;
    first = handled.unitStart(first);
    Call how = how(first);
    count = unit;
    while (first + count < end && how(first + count) == how) {
      count += unit;
    }
    return how;
  }

  private Call how(int page) {
    HandledPages.Area area = handled.area(page);
    if (handled.isRemoved(page) && area.missing()) {
      return Call.ZEROPAGE;
    }
    if (area.minor() && (handled.isFilled(page) || !area.missing())) {
      return handled.isFilled(page) ? Call.CONTINUE : Call.WRITE;
    }
    return Call.COPY;
  }

  private long costNs() {
    return switch (call) {
      case WRITE -> crew.source().fetchNs(count) + count * costs.ns(Cost.WRITE_PAGE);
      case COPY -> crew.source().fetchNs(count) + ns(Cost.COPY, Cost.COPY_PAGE);
      case CONTINUE -> ns(Cost.CONTINUE, Cost.CONTINUE_PAGE);
      case ZEROPAGE -> ns(Cost.ZEROPAGE, Cost.ZEROPAGE_PAGE);
      case WAKE -> costs.ns(Cost.WAKE_IOCTL);
      case UNPROTECT -> ns(Cost.WRITEPROTECT, Cost.WRITEPROTECT_PAGE);
    };
  }

  private long ns(Cost one, Cost more) {
    return costs.ns(one) + (count - 1) * costs.ns(more);
  }

  /** {@return the address of the first page of the call that was prepared} */
  long address() {
    return handled.address(first);
  }

  /** Makes the call that was prepared for the entry at the front. */
  void perform(Plan plan) {
    long start = handled.address(first);
    long bytes = count * (long) PAGE_BYTES;
    switch (call) {
      case WRITE -> write(plan);
      case COPY ->
          filled(plan, UffdIoctl.COPY, FillRequest.copyOf(FillRequest.PATTERN, start, bytes, mode));
      case CONTINUE -> filled(plan, UffdIoctl.CONTINUE, FillRequest.resume(start, bytes, mode));
      case ZEROPAGE -> filled(plan, UffdIoctl.ZEROPAGE, FillRequest.zeropage(start, bytes, mode));
      case WAKE -> {
        kernel.uffd().wake(task, uffd, start, bytes);
        mustWake = false;
        plan.done(count);
      }
      case UNPROTECT -> {
        long unit = handled.area(first).unitPages() * (long) PAGE_BYTES;
        IoctlResult result =
            kernel.uffd().writeProtect(task, uffd, start, Math.max(unit, bytes), 0);
        if (result.errno() == Errno.EAGAIN) {
          mustDrain = true;
        } else {
          plan.done(count);
        }
      }
    }
  }

  private void write(Plan plan) {
    HandledPages.Area area = handled.area(first);
    MemoryFile file = crew.machine().file(area.name());
    int page = handled.pageInMapping(first);
    for (int i = 0; i < count; i++) {
      int value = handled.isRemoved(first + i) ? 0 : (page + i) % MemorySpec.PATTERN_MODULUS;
      Errno errno =
          kernel.memory().write(task, file, area.filePage() + page + i, 0, PAGE_BYTES, value);
      if (errno != Errno.OK) {
        drop(plan);
        return;
      }
    }
    handled.filled(first, count);
  }

  private void filled(Plan plan, UffdIoctl ioctl, FillRequest request) {
    IoctlResult result = kernel.uffd().fill(task, uffd, request);
    int done = (int) Math.max(0, result.field() / PAGE_BYTES);
    if (done > 0) {
      handled.installed(first, done);
      refills = 0;
      plan.done(done);
      return;
    }
    switch (result.errno()) {
      case EEXIST -> {
        handled.installed(first, handled.area(first).unitPages());
        if (mode == 0) {
          mustWake = true;
        } else {
          plan.done(handled.area(first).unitPages());
        }
      }
      case EAGAIN -> mustDrain = true;
      case EFAULT -> {
        if (ioctl == UffdIoctl.CONTINUE && refills++ < MAX_REFILLS) {
          handled.unfilled(first);
        } else {
          drop(plan);
        }
      }
      default -> drop(plan);
    }
  }

  /** The entry's pages are not there any more, or not ours. */
  private void drop(Plan plan) {
    refills = 0;
    plan.done(count);
  }
}
