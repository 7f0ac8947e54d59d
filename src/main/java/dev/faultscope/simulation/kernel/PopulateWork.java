package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Errno;

/**
 * MADV_POPULATE_READ and _WRITE: the kernel touches page after page and cannot be interrupted by a
 * handled signal.
 */
final class PopulateWork implements Work {
  private final long end;
  private final boolean write;
  private long at;
  private boolean touched;

  PopulateWork(long start, long end, boolean write) {
    this.end = end;
    this.write = write;
    at = start;
  }

  @Override
  public void run(Kernel kernel, Task task) {
    while (at < end) {
      task.interruptible = false;
      task.mayWait = true;
      task.address = at;
      task.write = write;
      task.bytes = 0;
      task.origin = AccessOrigin.KERNEL;
      // A write fault of the kernel's own leaves the bytes alone: it writes what is there.
      task.value = Math.max(0, kernel.pages().peek(task.mm(), at));
      if (touched) {
        kernel.journal().retry(task);
      } else {
        kernel.journal().touch(task);
        touched = true;
      }
      Outcome outcome = kernel.attempt(task);
      if (outcome == Outcome.BLOCKED) {
        return;
      }
      touched = false;
      if (outcome != Outcome.DONE) {
        Errno errno =
            outcome == Outcome.SIGSEGV
                ? Errno.ENOMEM
                : outcome == Outcome.POISONED ? Errno.EHWPOISON : Errno.EFAULT;
        task.end(Task.Ending.FAILED, errno.number());
        return;
      }
      at += PAGE_BYTES;
    }
    task.end(Task.Ending.DONE, 0);
  }
}
