package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;

/** What a fill does with one page: mfill_atomic_pte() and its kin. */
final class PageFill {
  private final Kernel kernel;
  private final Folios folios;

  PageFill(Kernel kernel) {
    this.kernel = kernel;
    folios = kernel.folios();
  }

  /** {@return why a page cannot be filled, or OK} */
  Errno check(Vma vma, long page, FillRequest request) {
    return switch (request.ioctl()) {
      case COPY -> checkCopy(vma, page, request);
      case ZEROPAGE -> checkZeropage(vma, page);
      case CONTINUE -> checkContinue(vma, page);
      case POISON -> checkPoison(vma, page);
      default -> Errno.EINVAL;
    };
  }

  /** Fills a page that was checked. */
  Errno put(Task caller, Vma vma, long page, FillRequest request, long done) {
    return switch (request.ioctl()) {
      case COPY -> copy(caller, vma, page, request, done);
      case ZEROPAGE -> zeropage(vma, page);
      case CONTINUE -> resume(vma, page, request);
      case POISON -> poison(vma, page);
      default -> Errno.EINVAL;
    };
  }

  private static boolean isBeyondEnd(Vma vma, long page) {
    return vma.file != null && vma.file.isBeyondEnd(vma.filePageOf(page));
  }

  private static boolean isCached(Vma vma, long page) {
    return vma.file != null && vma.file.isCached(vma.filePageOf(page));
  }

  private Errno checkCopy(Vma vma, long page, FillRequest request) {
    // The bytes are fetched before anything is looked at.
    if (request.hasSource() && !isReadable(vma.mm, request.source() + (page - request.start()))) {
      return Errno.EFAULT;
    }
    if (isBeyondEnd(vma, page)) {
      return Errno.EFAULT;
    }
    boolean taken = Pte.isPresent(vma.mm.pte(page)) || (vma.shared && isCached(vma, page));
    return taken ? Errno.EEXIST : Errno.OK;
  }

  private boolean isReadable(Mm mm, long address) {
    return mm.find(address) != null && mm.find(address + PAGE_BYTES - 1) != null;
  }

  private Errno copy(Task caller, Vma vma, long page, FillRequest request, long done) {
    int folio;
    if (request.hasSource()) {
      folio = folios.allocateZeroed();
      long source = request.source() + done;
      int first = kernel.pages().peek(caller.mm(), source);
      folios.fill(folio, 0, (int) PAGE_BYTES, first);
      for (int i = 1; i < PAGE_BYTES; i++) {
        int value = kernel.pages().peek(caller.mm(), source + i);
        if (value != first) {
          folios.put(folio, i, value);
        }
      }
    } else {
      folio = folios.allocateFilled(request.valueOf(vma.regionPageOf(page)));
    }
    if (vma.shared) {
      kernel.pages().fillCache(vma.backingFile(), vma.filePageOf(page), folio);
    }
    install(vma, page, folio, vma.writable, request);
    return Errno.OK;
  }

  private static Errno checkZeropage(Vma vma, long page) {
    if (isBeyondEnd(vma, page)) {
      return Errno.EFAULT;
    }
    int pte = vma.mm.pte(page);
    boolean taken = vma.shared ? Pte.isPresent(pte) || isCached(vma, page) : pte != Pte.NONE;
    return taken ? Errno.EEXIST : Errno.OK;
  }

  private Errno zeropage(Vma vma, long page) {
    if (vma.shared) {
      int folio = folios.allocateZeroed();
      kernel.pages().fillCache(vma.backingFile(), vma.filePageOf(page), folio);
      vma.mm.pte(page, Pte.NONE);
      kernel.pages().map(vma, page, folio, vma.writable);
    } else {
      kernel.pages().map(vma, page, Folios.ZERO, false);
    }
    return Errno.OK;
  }

  private Errno checkContinue(Vma vma, long page) {
    if (isBeyondEnd(vma, page)) {
      boolean einval = !vma.isHugetlb() && !kernel.config().continueBeyondEndIsEfault();
      return einval ? Errno.EINVAL : Errno.EFAULT;
    }
    MemoryFile file = vma.backingFile();
    int folio = file.folio(vma.filePageOf(page));
    if (folio == 0 && !allocates(vma)) {
      return Errno.EFAULT;
    }
    if (folio != 0 && folios.isHwpoisoned(folio)) {
      return Errno.EIO;
    }
    if (!Pte.isPresent(vma.mm.pte(page))) {
      return Errno.OK;
    }
    if (folio != 0 && vma.isShmem()) {
      // shmem_get_folio() comes first, which clears a folio that was only allocated.
      file.use(vma.filePageOf(page));
    }
    return Errno.EEXIST;
  }

  /** {@return whether CONTINUE goes through vm_ops->fault(), which allocates what is absent} */
  private boolean allocates(Vma vma) {
    if (vma.isGmem()) {
      return kernel.config().gmem() == GmemProfile.FULL_MINOR;
    }
    return kernel.config().genericContinue() && vma.isShmem();
  }

  private Errno resume(Vma vma, long page, FillRequest request) {
    MemoryFile file = vma.backingFile();
    long filePage = vma.filePageOf(page);
    if (!file.isCached(filePage)) {
      kernel.pages().fillCache(file, filePage, folios.allocateZeroed());
    }
    file.use(filePage);
    install(vma, page, file.folio(filePage), vma.shared && vma.writable, request);
    return Errno.OK;
  }

  private void install(Vma vma, long page, int folio, boolean writable, FillRequest request) {
    // A marker, poison included, is overwritten.
    vma.mm.pte(page, request.ioctl().protects(request.mode()) ? Pte.MARKER_WP : Pte.NONE);
    kernel.pages().map(vma, page, folio, writable);
  }

  private static Errno checkPoison(Vma vma, long page) {
    if (isBeyondEnd(vma, page)) {
      return Errno.EFAULT;
    }
    return vma.mm.pte(page) == Pte.NONE ? Errno.OK : Errno.EEXIST;
  }

  private static Errno poison(Vma vma, long page) {
    vma.mm.pte(page, Pte.MARKER_POISON);
    return Errno.OK;
  }
}
