package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.MINOR;
import static dev.faultscope.model.Region.MISSING;
import static dev.faultscope.model.Region.PAGE_BYTES;
import static dev.faultscope.model.Region.WP;

import dev.faultscope.model.Errno;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;
import java.util.Arrays;
import java.util.List;

/**
 * UFFDIO_REGISTER and UFFDIO_UNREGISTER: mappings get and lose a userfaultfd, split and merged as
 * ranges need it.
 */
final class RegisterIoctl {
  private static final int ALL_MODES = MISSING | WP | MINOR;
  private static final long RANGE_IOCTLS =
      Arrays.stream(UffdIoctl.values())
              .filter(UffdIoctl::hasRange)
              .mapToLong(RegisterIoctl::bit)
              .reduce(0, (all, bit) -> all | bit)
          & ~bit(UffdIoctl.REGISTER)
          & ~bit(UffdIoctl.UNREGISTER);
  private static final long HUGETLB_IOCTLS =
      RANGE_IOCTLS & ~bit(UffdIoctl.ZEROPAGE) & ~bit(UffdIoctl.MOVE);

  private final Kernel kernel;

  RegisterIoctl(Kernel kernel) {
    this.kernel = kernel;
  }

  private static long bit(UffdIoctl ioctl) {
    return 1L << ioctl.code();
  }

  IoctlResult register(
      Task caller, Userfaultfd uffd, long start, long bytes, long mode, long cause) {
    if (mode == 0 || (mode & ~ALL_MODES) != 0 || !Ranges.isValid(start, bytes)) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    Mm mm = uffd.mm();
    if (mm.isDead()) {
      return IoctlResult.fails(Errno.ENOMEM);
    }
    int modes = (int) mode;
    long end = start + bytes;
    List<Vma> vmas = mm.in(start, end);
    if (vmas.isEmpty() || isHugeUnaligned(vmas.getFirst(), start)) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    boolean hugetlb = false;
    for (Vma vma : vmas) {
      if (!canUserfault(vma, modes, uffd)) {
        return IoctlResult.fails(Errno.EINVAL);
      }
      if (!vma.mayWrite) {
        return IoctlResult.fails(Errno.EPERM);
      }
      if (end <= vma.end && isHugeUnaligned(vma, end)) {
        return IoctlResult.fails(Errno.EINVAL);
      }
      if (vma.uffd != null && vma.uffd != uffd) {
        return IoctlResult.fails(Errno.EBUSY);
      }
      hugetlb |= vma.isHugetlb();
    }
    for (Vma vma : vmas) {
      // A mapping that has these modes already, and perhaps more, stays as it is.
      if (vma.uffd != uffd || (vma.modes & modes) != modes) {
        Vma part = mm.isolate(vma, start, end);
        part.uffd = uffd;
        part.modes = modes;
        kernel
            .journal()
            .region(RegionChange.REGISTERED, caller.actor(), part, part.start, part.end, cause);
      }
    }
    mm.mergeAround(start, end);
    long ioctls = hugetlb ? HUGETLB_IOCTLS : RANGE_IOCTLS;
    if ((modes & WP) == 0) {
      ioctls &= ~bit(UffdIoctl.WRITEPROTECT);
    }
    if ((modes & MINOR) == 0) {
      ioctls &= ~bit(UffdIoctl.CONTINUE);
    }
    return new IoctlResult(Errno.OK, ioctls);
  }

  private boolean canUserfault(Vma vma, int modes, Userfaultfd uffd) {
    MemoryFile file = vma.file;
    if (file != null && vma.isGmem() && kernel.config().gmem() != GmemProfile.MAINLINE) {
      return kernel.config().gmem().canRegister(modes, file.isInitShared())
          || (modes == WP && uffd.has(UffdFeature.WP_ASYNC));
    }
    if ((modes & MINOR) != 0 && !vma.isHugetlb() && !vma.isShmem()) {
      return false;
    }
    if (modes == WP && uffd.has(UffdFeature.WP_ASYNC)) {
      return true;
    }
    return vma.isAnonymous() || vma.isHugetlb() || vma.isShmem();
  }

  private static boolean isHugeUnaligned(Vma vma, long address) {
    return vma.isHugetlb() && address % vma.unitBytes() != 0;
  }

  IoctlResult unregister(Task caller, Userfaultfd uffd, long start, long bytes, long cause) {
    if (!Ranges.isValid(start, bytes)) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    Mm mm = uffd.mm();
    if (mm.isDead()) {
      return IoctlResult.fails(Errno.ENOMEM);
    }
    long end = start + bytes;
    List<Vma> vmas = mm.in(start, end);
    if (vmas.isEmpty() || isHugeUnaligned(vmas.getFirst(), start)) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    for (Vma vma : vmas) {
      if ((vma.uffd != null && vma.uffd != uffd) || !canUserfault(vma, vma.modes, uffd)) {
        return IoctlResult.fails(Errno.EINVAL);
      }
      if (end <= vma.end && isHugeUnaligned(vma, end)) {
        return IoctlResult.fails(Errno.EINVAL);
      }
    }
    for (Vma vma : vmas) {
      if (vma.uffd == null) {
        continue;
      }
      Vma part = mm.isolate(vma, start, end);
      // Only where the mapping had MISSING: a waiter in a MINOR-only range sleeps on.
      boolean wakes = part.hasMissing();
      long partBytes = part.end - part.start;
      if (wakes) {
        kernel.uffd().wakeRange(uffd, part.start, partBytes, cause);
      }
      clear(caller, part, cause);
    }
    mm.mergeAround(start, end);
    return IoctlResult.OK;
  }

  /** Takes the userfaultfd off a mapping, with every write protection it left there. */
  void clear(Task caller, Vma vma, long cause) {
    if (vma.hasWp()) {
      for (long page = vma.start; page < vma.end; page += PAGE_BYTES) {
        int pte = vma.mm.pte(page);
        if ((pte & (Pte.UFFD_WP | Pte.MARKER_WP)) != 0) {
          vma.mm.pte(page, pte & ~(Pte.UFFD_WP | Pte.MARKER_WP));
        }
      }
      kernel.journal().install(caller.actor(), vma, vma.start, vma.end, cause);
    }
    vma.uffd = null;
    vma.modes = 0;
    kernel
        .journal()
        .region(RegionChange.UNREGISTERED, caller.actor(), vma, vma.start, vma.end, cause);
  }
}
