package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.DecideReason;
import dev.faultscope.model.EventFlags;

/**
 * What a userfaultfd does with a fault in its range: refuse, or queue a message and put the thread
 * to sleep.
 */
final class UserfaultTrap {
  private final Kernel kernel;

  UserfaultTrap(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Hands a fault to the userfaultfd of its mapping, as handle_userfault() does and in its order.
   *
   * @param why what the fault path found
   * @param kind {@link UffdMessage#FLAG_WP}, {@link UffdMessage#FLAG_MINOR} or 0 for missing
   */
  Outcome raise(Task task, Vma vma, long page, DecideReason why, int kind) {
    Journal journal = kernel.journal();
    int shown =
        switch (kind) {
          case UffdMessage.FLAG_MINOR -> EventFlags.MINOR;
          case UffdMessage.FLAG_WP -> EventFlags.WP;
          default -> 0;
        };
    journal.decide(task, why, vma, page, shown);
    Userfaultfd uffd = vma.uffd;
    if (uffd == null) {
      return Outcome.SIGBUS;
    }
    if (uffd.has(UffdFeature.SIGBUS)) {
      journal.decide(task, DecideReason.SIGBUS_FEATURE, vma, page, shown);
      return Outcome.SIGBUS;
    }
    if (task.isKernelMode() && uffd.isUserModeOnly()) {
      journal.decide(task, DecideReason.USER_MODE_ONLY, vma, page, shown);
      return Outcome.SIGBUS;
    }
    if (!task.mayWait) {
      journal.decide(task, DecideReason.NO_RETRY, vma, page, shown);
      return Outcome.WOULD_BLOCK;
    }
    sleep(task, vma, uffd, page, kind);
    return Outcome.BLOCKED;
  }

  private void sleep(Task task, Vma vma, Userfaultfd uffd, long page, int kind) {
    long address = uffd.has(UffdFeature.EXACT_ADDRESS) ? task.address : page;
    int flags = kind | (task.write ? UffdMessage.FLAG_WRITE : 0);
    int tid = uffd.has(UffdFeature.THREAD_ID) ? task.tid() : 0;
    Waiter waiter =
        new Waiter(task, uffd, UffdMessage.fault(address, flags, tid), page & -PAGE_BYTES);
    uffd.enqueue(waiter);
    task.waiter = waiter;
    task.state = Task.State.BLOCKED;
    kernel.counters().fault(flags);
    kernel.journal().enqueue(waiter, vma);
    kernel.threads().readable(uffd);
    if (task.signalPending) {
      kernel.threads().stormed(task);
    }
  }
}
