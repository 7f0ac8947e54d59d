package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;

/** UFFDIO_MOVE: private anonymous pages change their address without being copied. */
final class MoveIoctl {
  private static final long ALLOW_SRC_HOLES = UffdIoctl.MOVE.bit("ALLOW_SRC_HOLES");

  private final Kernel kernel;

  MoveIoctl(Kernel kernel) {
    this.kernel = kernel;
  }

  IoctlResult run(
      Task caller, Userfaultfd uffd, long to, long from, long bytes, long mode, long cause) {
    if (!uffd.isInitialised()) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    if (uffd.isChanging()) {
      return IoctlResult.failsInField(Errno.EAGAIN);
    }
    Mm mm = uffd.mm();
    if (mm != caller.mm()
        || !Ranges.isValid(to, bytes)
        || !Ranges.isValid(from, bytes)
        || (mode & ~UffdIoctl.MOVE.allModes()) != 0) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    if (mm.isDead()) {
      return IoctlResult.fails(Errno.ESRCH);
    }
    Vma target = mm.find(to);
    Vma source = mm.find(from);
    if (target != null) {
      mm.prepareAnon(target);
    }
    if (target == null || source == null) {
      return IoctlResult.failsInField(Errno.ENOENT);
    }
    if (from + bytes > source.end || to + bytes > target.end || !mayMove(source, target, uffd)) {
      return IoctlResult.failsInField(Errno.EINVAL);
    }
    long done = 0;
    Errno errno = Errno.OK;
    while (done < bytes && errno == Errno.OK) {
      errno = page(target, to + done, source, from + done, (mode & ALLOW_SRC_HOLES) != 0);
      if (errno == Errno.OK) {
        done += PAGE_BYTES;
      }
    }
    if (done == 0) {
      return IoctlResult.failsInField(errno);
    }
    kernel.pages().announceUnmap(caller, mm, from, from + done);
    kernel.journal().install(caller.actor(), source, from, from + done, cause);
    kernel.journal().install(caller.actor(), target, to, to + done, cause);
    return IoctlResult.done(done, bytes);
  }

  private static boolean mayMove(Vma source, Vma target, Userfaultfd uffd) {
    return source.isAnonymous()
        && target.isAnonymous()
        && !source.shared
        && !target.shared
        && source.writable
        && target.writable
        && target.uffd == uffd;
  }

  private Errno page(Vma target, long to, Vma source, long from, boolean holesAllowed) {
    Mm mm = target.mm;
    // Without a page table the source is known to have a hole before the target is looked at.
    if (!mm.hasTableFor(from) && !holesAllowed) {
      return Errno.ENOENT;
    }
    mm.tableFor(from);
    mm.tableFor(to);
    if (mm.pte(to) != Pte.NONE) {
      return Errno.EEXIST;
    }
    int pte = source.mm.pte(from);
    if (pte == Pte.NONE) {
      return holesAllowed ? Errno.OK : Errno.ENOENT;
    }
    if (!Pte.isPresent(pte)) {
      return Errno.EFAULT;
    }
    int folio = Pte.folio(pte);
    if (folio != Folios.ZERO
        && (kernel.folios().references(folio) > 1 || kernel.folios().isPinned(folio))) {
      return Errno.EBUSY;
    }
    target.mm.pte(to, Pte.of(folio, folio == Folios.ZERO ? 0 : Pte.WRITABLE | (pte & Pte.DIRTY)));
    source.mm.pte(from, Pte.NONE);
    return Errno.OK;
  }
}
