package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.HoleKind;
import dev.faultscope.simulation.kernel.MemoryCalls.Advice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * madvise(2) that takes pages away: mapping by mapping, each time only after its REMOVE event was
 * read.
 */
final class MadviseWork implements Work {
  private final long end;
  private final Advice advice;
  private long at;
  private boolean announced;

  /** Where the range that was announced ends; the mapping may have grown while this slept. */
  private long announcedTo;

  private boolean unmapped;
  private @Nullable Removal removal;

  MadviseWork(long start, long end, Advice advice) {
    this.end = end;
    this.advice = advice;
    at = start;
  }

  /**
   * A part of a file that goes once its event was read, whatever became of the mapping meanwhile.
   *
   * @param end of the range that the mapping showed of it
   */
  private record Removal(MemoryFile file, long offset, long bytes, long end) {}

  @Override
  public void run(Kernel kernel, Task task) {
    while (at < end) {
      Removal next = removal;
      if (next == null) {
        if (!prepare(kernel, task)) {
          return;
        }
      } else {
        removal = null;
        announced = false;
        long to = next.offset() + next.bytes();
        kernel
            .memory()
            .files()
            .punch(task, next.file(), next.offset(), to, HoleKind.REMOVE, task.cause);
        at = next.end();
      }
    }
    if (unmapped) {
      task.end(Task.Ending.FAILED, Errno.ENOMEM.number());
    } else {
      task.end(Task.Ending.DONE, 0);
    }
  }

  /** Goes on with the mapping that comes next. {@return false where the thread sleeps or failed} */
  private boolean prepare(Kernel kernel, Task task) {
    List<Vma> left = task.mm().in(at, end);
    if (left.isEmpty() || left.getFirst().start > at) {
      if (announced) {
        task.end(Task.Ending.FAILED, Errno.ENOMEM.number());
        return false;
      }
      // A hole is told of at the end only: what lies behind it is advised as well.
      unmapped = true;
      at = left.isEmpty() ? end : left.getFirst().start;
      return true;
    }
    Vma vma = left.getFirst();
    long to = Math.min(announced ? announcedTo : end, vma.end);
    Errno refused = refuses(vma);
    if (refused != Errno.OK) {
      task.end(Task.Ending.FAILED, refused.number());
      return false;
    }
    if (advice == Advice.REMOVE) {
      removal = new Removal(vma.backingFile(), vma.filePageOf(at) * PAGE_BYTES, to - at, to);
    }
    Userfaultfd uffd = vma.uffd;
    if (!announced && uffd != null && uffd.has(UffdFeature.EVENT_REMOVE)) {
      announced = true;
      announcedTo = to;
      UffdMessage message = UffdMessage.range(UffdMessage.Event.REMOVE, at, to);
      if (EventWork.sleep(kernel, task, uffd, message)) {
        return false;
      }
    }
    if (advice == Advice.FREE && !vma.isAnonymous()) {
      // Only here, after the event.
      task.end(Task.Ending.FAILED, Errno.EINVAL.number());
      return false;
    }
    if (advice != Advice.REMOVE) {
      announced = false;
      apply(kernel, task, vma, at, to);
      at = to;
    }
    return true;
  }

  private Errno refuses(Vma vma) {
    return switch (advice) {
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
      case DONTNEED -> {
        kernel.pages().announceUnmap(task, vma.mm, from, to);
        kernel.hugePages().splitAt(task, vma.mm, from);
        kernel.hugePages().splitAt(task, vma.mm, to);
        for (long page = from; page < to; page += PAGE_BYTES) {
          zap(kernel, vma, page);
        }
        kernel.journal().hole(HoleKind.DONTNEED, task.actor(), vma, from, to, task.cause);
      }
      // Pages freed lazily stay until memory is short, which it never is here; poison goes at once.
      case FREE -> {
        for (long page = from; page < to; page += PAGE_BYTES) {
          if (Pte.has(vma.mm.pte(page), Pte.MARKER_POISON)) {
            vma.mm.pte(page, Pte.NONE);
          }
        }
        kernel.journal().hole(HoleKind.FREE, task.actor(), vma, from, to, task.cause);
      }
      default -> throw new IllegalStateException(advice + " takes no pages away");
    }
  }

  private static void zap(Kernel kernel, Vma vma, long page) {
    int pte = vma.mm.pte(page);
    if (Pte.isPresent(pte)) {
      kernel.memory().files().zapOne(vma, page, pte);
    } else if (!Pte.has(pte, Pte.MARKER_WP) || vma.isAnonymous()) {
      vma.mm.pte(page, Pte.NONE);
    }
  }
}
