package dev.faultscope.simulation.kernel;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Errno;

/**
 * One access of one page, by an instruction or by a system call that copies from or to user memory.
 */
enum AccessWork implements Work {
  ONE;

  @Override
  public void run(Kernel kernel, Task task) {
    if (task.slept) {
      task.slept = false;
      kernel.journal().retry(task);
    }
    switch (kernel.attempt(task)) {
      case DONE -> task.end(Task.Ending.DONE, task.result);
      case BLOCKED -> task.slept = true;
      case SIGBUS -> fail(task, Task.Ending.SIGBUS);
      case POISONED -> {
        if (task.origin == AccessOrigin.KVM) {
          task.end(Task.Ending.FAILED, Errno.EHWPOISON.number());
        } else {
          fail(task, Task.Ending.SIGBUS);
        }
      }
      case SIGSEGV -> fail(task, Task.Ending.SIGSEGV);
      case WOULD_BLOCK -> task.end(Task.Ending.FAILED, Errno.EAGAIN.number());
    }
  }

  private static void fail(Task task, Task.Ending inUserMode) {
    if (task.isKernelMode()) {
      task.end(Task.Ending.FAILED, Errno.EFAULT.number());
    } else {
      task.end(inUserMode, 0);
    }
  }
}
