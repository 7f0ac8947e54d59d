package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.HoleKind;
import dev.faultscope.simulation.kernel.MemoryCalls.Advice;
import java.util.List;

/**
 * madvise(2) that takes pages away: mapping by mapping, each time only after its REMOVE event was
 * read.
 */
final class MadviseWork implements Work {
  private final long end;
  private final Advice advice;
  private long at;
  private boolean announced;

  MadviseWork(long start, long end, Advice advice) {
    this.end = end;
    this.advice = advice;
    at = start;
  }

  @Override
  public void run(Kernel kernel, Task task) {
    while (at < end) {
      List<Vma> left = task.mm().in(at, end);
      if (left.isEmpty() || left.getFirst().start > at) {
        task.end(Task.Ending.FAILED, Errno.ENOMEM.number());
        return;
      }
      Vma vma = left.getFirst();
      long to = Math.min(end, vma.end);
      Errno refused = refuses(vma);
      if (refused != Errno.OK) {
        task.end(Task.Ending.FAILED, refused.number());
        return;
      }
      Userfaultfd uffd = vma.uffd;
      if (!announced && uffd != null && uffd.has(UffdFeature.EVENT_REMOVE)) {
        announced = true;
        UffdMessage message = UffdMessage.range(UffdMessage.Event.REMOVE, at, to);
        if (EventWork.sleep(kernel, task, uffd, message)) {
          return;
        }
      }
      announced = false;
      apply(kernel, task, vma, at, to);
      at = to;
    }
    task.end(Task.Ending.DONE, 0);
  }

  private Errno refuses(Vma vma) {
    return switch (advice) {
      case FREE -> vma.isAnonymous() ? Errno.OK : Errno.EINVAL;
      case REMOVE -> {
        if (vma.isAnonymous()) {
          yield Errno.EINVAL;
        }
        yield vma.shared && vma.writable ? Errno.OK : Errno.EACCES;
      }
      default -> Errno.OK;
    };
  }

  private void apply(Kernel kernel, Task task, Vma vma, long from, long to) {
    switch (advice) {
      case REMOVE -> {
        long offset = vma.filePageOf(from) * PAGE_BYTES;
        kernel
            .memory()
            .punch(
                task, vma.backingFile(), offset, offset + (to - from), HoleKind.REMOVE, task.cause);
      }
      case DONTNEED -> {
        kernel.announceUnmap(vma.mm, from, to);
        for (long page = from; page < to; page += PAGE_BYTES) {
          zap(kernel, vma, page);
        }
        kernel.journal().hole(HoleKind.DONTNEED, task.actor(), vma, from, to, task.cause);
      }
      // Pages freed lazily stay until memory is short, which it never is here.
      case FREE -> kernel.journal().hole(HoleKind.FREE, task.actor(), vma, from, to, task.cause);
      default -> throw new IllegalStateException(advice + " takes no pages away");
    }
  }

  private static void zap(Kernel kernel, Vma vma, long page) {
    int pte = vma.mm.pte(page);
    if (Pte.isPresent(pte)) {
      kernel.memory().zapOne(vma, page, pte);
    } else if (!Pte.has(pte, Pte.MARKER_WP) || vma.isAnonymous()) {
      vma.mm.pte(page, Pte.NONE);
    }
  }
}
