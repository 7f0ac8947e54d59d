package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;

/**
 * UFFDIO_WRITEPROTECT: pages become read-only and send a message when written, or lose that again.
 */
final class WriteProtectIoctl {
  private static final long WP = UffdIoctl.WRITEPROTECT.bit("WP");
  private static final long BOTH = UffdIoctl.WRITEPROTECT.allModes();

  private final Kernel kernel;

  WriteProtectIoctl(Kernel kernel) {
    this.kernel = kernel;
  }

  IoctlResult run(Task caller, Userfaultfd uffd, long start, long bytes, long mode, long cause) {
    if (!uffd.isInitialised()) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    if (uffd.isChanging()) {
      return IoctlResult.fails(Errno.EAGAIN);
    }
    if (!Ranges.isValid(start, bytes) || (mode & ~BOTH) != 0 || mode == BOTH) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    if (uffd.mm().isDead()) {
      return IoctlResult.fails(Errno.ESRCH);
    }
    Errno errno = Errno.ENOENT;
    for (Vma vma : uffd.mm().in(start, start + bytes)) {
      if (!vma.hasWp()) {
        return IoctlResult.fails(Errno.ENOENT);
      }
      long from = Math.max(start, vma.start);
      long to = Math.min(start + bytes, vma.end);
      if (from % vma.unitBytes() != 0 || to % vma.unitBytes() != 0) {
        return IoctlResult.fails(Errno.EINVAL);
      }
      for (long page = from; page < to; page += PAGE_BYTES) {
        int pte = vma.mm.pte(page);
        if (mode == WP && vma.usesWpMarkers()) {
          vma.mm.tableFor(page);
        }
        vma.mm.pte(page, mode == WP ? protect(vma, pte) : release(vma, pte));
      }
      if (mode == WP) {
        kernel.pages().announceUnmap(caller, vma.mm, from, to);
      }
      kernel.journal().install(caller.actor(), vma, from, to, cause);
      errno = Errno.OK;
    }
    return IoctlResult.fails(errno);
  }

  private static int protect(Vma vma, int pte) {
    if (Pte.isPresent(pte)) {
      return (pte | Pte.UFFD_WP) & ~Pte.WRITABLE;
    }
    return pte == Pte.NONE && vma.usesWpMarkers() ? Pte.MARKER_WP : pte;
  }

  private static int release(Vma vma, int pte) {
    int cleared = pte & ~(Pte.UFFD_WP | Pte.MARKER_WP);
    // A shared page may be written at once again; a private one finds out whether it must be
    // copied.
    boolean writable = Pte.has(pte, Pte.UFFD_WP) && vma.shared && vma.writable;
    return writable ? cleared | Pte.WRITABLE : cleared;
  }
}
