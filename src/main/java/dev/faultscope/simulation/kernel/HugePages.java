package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.HUGE_PAGE_BYTES;
import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.DecideReason;

/**
 * Transparent huge pages of anonymous memory that asked for them: 2 MiB come, are copied and are
 * split together.
 */
final class HugePages {
  private final Kernel kernel;

  HugePages(Kernel kernel) {
    this.kernel = kernel;
  }

  static long startOf(long address) {
    return address & -HUGE_PAGE_BYTES;
  }

  /** {@return whether a fault on an absent page may map 2 MiB at once} */
  boolean mayMap(Vma vma, long page) {
    long start = startOf(page);
    return vma.huge
        && vma.uffd == null
        && start >= vma.start
        && start + HUGE_PAGE_BYTES <= vma.end
        && !vma.mm.hasTableFor(page);
  }

  /** Maps 2 MiB of memory of their own, or the huge page of zeros. */
  void map(Vma vma, long page, boolean write) {
    long start = startOf(page);
    for (long at = start; at < start + HUGE_PAGE_BYTES; at += PAGE_BYTES) {
      int folio = write ? kernel.folios().allocateZeroed() : Folios.ZERO;
      kernel.pages().map(vma, at, folio, write);
      vma.mm.pte(at, vma.mm.pte(at) | Pte.HUGE);
    }
  }

  /** A write to a huge page that is mapped read-only: of zeros all 2 MiB are copied. */
  void write(Task task, Vma vma, long page, int pte) {
    long start = startOf(page);
    if (Pte.folio(pte) == Folios.ZERO) {
      kernel.journal().decide(task, DecideReason.COPY_ON_WRITE, vma, page, 0);
      kernel.pages().announceUnmap(task, vma.mm, start, start + HUGE_PAGE_BYTES);
      vma.mm.prepareAnon(vma);
      for (long at = start; at < start + HUGE_PAGE_BYTES; at += PAGE_BYTES) {
        kernel.pages().unmap(vma, at);
      }
      map(vma, page, true);
      task.cause =
          kernel.journal().mapped(task.actor(), vma, start, start + HUGE_PAGE_BYTES, task.cause);
      return;
    }
    boolean alone = true;
    for (long at = start; at < start + HUGE_PAGE_BYTES; at += PAGE_BYTES) {
      alone &= kernel.folios().references(Pte.folio(vma.mm.pte(at))) == 1;
    }
    if (!alone) {
      split(task, vma, start);
      return;
    }
    for (long at = start; at < start + HUGE_PAGE_BYTES; at += PAGE_BYTES) {
      vma.mm.pte(at, vma.mm.pte(at) | Pte.WRITABLE);
    }
  }

  /** What ends or begins at an address inside a huge page splits it. */
  void splitAt(Task by, Mm mm, long address) {
    Vma vma = mm.find(address);
    if (vma != null && address != startOf(address) && Pte.has(mm.pte(address), Pte.HUGE)) {
      split(by, vma, startOf(address));
    }
  }

  private void split(Task by, Vma vma, long start) {
    long end = start + HUGE_PAGE_BYTES;
    kernel.pages().announceUnmap(by, vma.mm, start, end);
    vma.mm.tableFor(start);
    for (long at = start; at < end; at += PAGE_BYTES) {
      vma.mm.pte(at, vma.mm.pte(at) & ~Pte.HUGE);
    }
    for (Vma part : vma.mm.in(start, end)) {
      kernel
          .journal()
          .install(
              by.actor(), part, Math.max(start, part.start), Math.min(end, part.end), by.cause);
    }
  }
}
