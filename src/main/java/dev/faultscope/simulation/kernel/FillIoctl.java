package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;
import org.jspecify.annotations.Nullable;

/**
 * UFFDIO_COPY, ZEROPAGE, CONTINUE and POISON: the checks they share, then page by page until one
 * fails.
 *
 * <p>What one page needs is in {@link PageFill}.
 */
final class FillIoctl {
  private final Kernel kernel;
  private final PageFill pages;

  FillIoctl(Kernel kernel) {
    this.kernel = kernel;
    pages = new PageFill(kernel);
  }

  IoctlResult run(Task caller, Userfaultfd uffd, FillRequest request, long cause) {
    if (!uffd.isInitialised()) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    if (uffd.isChanging()) {
      return IoctlResult.failsInField(Errno.EAGAIN);
    }
    long start = request.start();
    long bytes = request.bytes();
    if (request.hasSource() && !Ranges.isValidUnaligned(request.source(), bytes)) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    if (!Ranges.isValid(start, bytes) || (request.mode() & ~request.ioctl().allModes()) != 0) {
      return IoctlResult.fails(Errno.EINVAL);
    }
    if (uffd.mm().isDead()) {
      return IoctlResult.fails(Errno.ESRCH);
    }
    Vma vma = uffd.mm().find(start);
    if (vma != null) {
      // As the kernel: before it is asked whether the range is one that can be filled.
      uffd.mm().prepareAnon(vma);
    }
    // As the kernel: whose userfaultfd the mapping has is not asked.
    if (vma == null || start + bytes > vma.end || vma.uffd == null) {
      return IoctlResult.failsInField(Errno.ENOENT);
    }
    Errno refused = refuses(vma, request);
    if (refused != null) {
      return IoctlResult.failsInField(refused);
    }
    long done = 0;
    Errno errno = Errno.OK;
    while (done < bytes && errno == Errno.OK) {
      errno = unit(caller, vma, start + done, request, done);
      if (errno == Errno.OK) {
        done += vma.unitBytes();
      }
    }
    if (done > 0) {
      installed(caller, vma, start, start + done, cause);
      return IoctlResult.done(done, bytes);
    }
    return IoctlResult.failsInField(errno);
  }

  private @Nullable Errno refuses(Vma vma, FillRequest request) {
    if (request.ioctl().protects(request.mode()) && !vma.hasWp()) {
      return Errno.EINVAL;
    }
    if (vma.isHugetlb()) {
      return request.ioctl() == UffdIoctl.ZEROPAGE
              || request.start() % vma.unitBytes() != 0
              || request.bytes() % vma.unitBytes() != 0
          ? Errno.EINVAL
          : null;
    }
    boolean supported =
        switch (request.ioctl()) {
          case CONTINUE -> vma.isShmem() || vma.isGmem();
          case COPY, ZEROPAGE ->
              vma.isAnonymous()
                  || vma.isShmem()
                  || (vma.isGmem() && kernel.config().gmem() == GmemProfile.SHMEM_LIKE);
          default -> vma.isAnonymous() || vma.isShmem() || vma.isGmem();
        };
    return supported ? null : Errno.EINVAL;
  }

  /** Fills what is mapped together: a page, or the 512 pages of a huge one, all or none. */
  private Errno unit(Task caller, Vma vma, long page, FillRequest request, long done) {
    vma.mm.tableFor(page);
    for (long at = 0; at < vma.unitBytes(); at += PAGE_BYTES) {
      Errno errno = pages.check(vma, page + at, request);
      if (errno != Errno.OK) {
        return errno;
      }
    }
    for (long at = 0; at < vma.unitBytes(); at += PAGE_BYTES) {
      Errno errno = pages.put(caller, vma, page + at, request, done + at);
      if (errno != Errno.OK) {
        return errno;
      }
    }
    return Errno.OK;
  }

  private void installed(Task caller, Vma vma, long start, long end, long cause) {
    kernel.journal().install(caller.actor(), vma, start, end, cause);
    if (vma.file != null && vma.file.mappings.size() > 1) {
      kernel
          .journal()
          .syncFile(
              vma.file,
              vma.filePageOf(start),
              (end - start) / PAGE_BYTES,
              vma,
              caller.actor(),
              cause);
    }
  }
}
