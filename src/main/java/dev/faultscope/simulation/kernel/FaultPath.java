package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.HUGE_PAGE_BYTES;
import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.DecideReason;
import org.jspecify.annotations.Nullable;

/**
 * What an access becomes: handle_mm_fault() and what lies below it, run from scratch at the first
 * touch and after each wake.
 */
final class FaultPath {
  /**
   * An access settles in a few passes (map, write-protect, copy); more would be a mistake of ours.
   */
  private static final int MAX_PASSES = 8;

  /** What one page table maps: fault-around stays within it. */
  private static final long PAGE_TABLE_BYTES = 2L << 20;

  private final Kernel kernel;
  private final Folios folios;
  private final UserfaultTrap trap;

  FaultPath(Kernel kernel) {
    this.kernel = kernel;
    folios = kernel.folios();
    trap = new UserfaultTrap(kernel);
  }

  /** Tries the access that the task describes. */
  Outcome attempt(Task task) {
    boolean decided = false;
    task.told = false;
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      Vma vma = task.mm.find(task.address);
      if (vma == null || (task.write && !vma.writable)) {
        kernel.journal().decide(task, DecideReason.OUTSIDE, vma, task.address, 0);
        return Outcome.SIGSEGV;
      }
      long page = task.address & -PAGE_BYTES;
      int pte = task.mm.pte(page);
      if (Pte.has(pte, Pte.MARKER_POISON)) {
        kernel.journal().decide(task, DecideReason.POISONED, vma, page, 0);
        return Outcome.POISONED;
      }
      if (Pte.has(pte, Pte.MARKER_WP) && !vma.hasWp()) {
        // Left from a registration that was changed; it protects nothing any more.
        task.mm.pte(page, Pte.NONE);
      }
      Outcome outcome;
      if (!Pte.isPresent(pte)) {
        outcome = vma.isAnonymous() ? anonymous(task, vma, page) : file(task, vma, page);
      } else if (task.write && !Pte.has(pte, Pte.WRITABLE)) {
        outcome = readOnly(task, vma, page, pte);
      } else {
        if (!decided || (!task.told && task.bytes > 0)) {
          pass(task, DecideReason.PRESENT, vma, page, Pte.folio(pte));
        }
        complete(task, vma, page, pte);
        return Outcome.DONE;
      }
      if (outcome != null) {
        return outcome;
      }
      decided = true;
    }
    throw new IllegalStateException(
        "an access did not settle at 0x" + Long.toHexString(task.address));
  }

  /** Notes that an access passes, to a page that is of a folio or will be. */
  private void pass(Task task, DecideReason reason, Vma vma, long page, int folio) {
    int seen = folios.get(folio, (int) (task.address % PAGE_BYTES));
    kernel.journal().decide(task, reason, vma, page, 0, seen);
  }

  private void complete(Task task, Vma vma, long page, int pte) {
    int folio = Pte.folio(pte);
    int offset = (int) (task.address - page);
    if (!task.write || task.faultsIn) {
      task.result = folios.get(folio, offset);
      return;
    }
    boolean wasPristine = folios.isPristine(folio);
    boolean wasPartial = folios.isPartial(folio);
    int bytes = Math.max(1, task.bytes);
    if (bytes == 1) {
      folios.put(folio, offset, task.value);
    } else {
      folios.fill(folio, offset, offset + bytes, task.value);
    }
    MemoryFile file = vma.file;
    boolean shared = file != null && folio == file.folio(vma.filePageOf(page));
    if (file != null && shared && task.bytes > 0) {
      kernel
          .journal()
          .bytesChanged(
              file,
              vma.filePageOf(page),
              vma,
              task.actor(),
              task.cause,
              offset,
              offset + bytes,
              task.value);
    }
    task.result = task.value;
    if (!Pte.has(pte, Pte.DIRTY)) {
      task.mm.pte(page, pte | Pte.DIRTY);
    }
    boolean completed = wasPartial && !folios.isPartial(folio);
    if (wasPristine || completed || !Pte.has(pte, Pte.DIRTY)) {
      kernel.journal().install(task.actor(), vma, page, page + PAGE_BYTES, task.cause);
      if ((wasPristine || completed) && vma.file != null) {
        kernel.journal().syncFile(vma.file, vma.filePageOf(page), 1, vma, task.actor(), task.cause);
      }
    }
  }

  private @Nullable Outcome anonymous(Task task, Vma vma, long page) {
    HugePages huge = kernel.hugePages();
    if (huge.mayMap(vma, page)) {
      pass(task, DecideReason.ABSENT_ZEROED, vma, page, Folios.ZERO);
      if (task.write) {
        task.mm.prepareAnon(vma);
      }
      huge.map(vma, page, task.write);
      long start = HugePages.startOf(page);
      installed(task, vma, start, start + HUGE_PAGE_BYTES);
      return null;
    }
    task.mm.tableFor(page);
    if (task.write) {
      task.mm.prepareAnon(vma);
    }
    if (vma.hasMissing()) {
      return trap.raise(task, vma, page, DecideReason.ANON_MISSING, 0);
    }
    pass(task, DecideReason.ABSENT_ZEROED, vma, page, Folios.ZERO);
    int folio = task.write ? folios.allocateZeroed() : Folios.ZERO;
    kernel.pages().map(vma, page, folio, task.write);
    installed(task, vma, page, page + PAGE_BYTES);
    return null;
  }

  private @Nullable Outcome file(Task task, Vma vma, long address) {
    MemoryFile file = vma.backingFile();
    long page = address & -vma.unitBytes();
    long filePage = vma.filePageOf(page);
    if (task.write) {
      task.mm.prepareAnon(vma);
    }
    if (mayFaultAround(task, vma) && faultAround(task, vma, page)) {
      return null;
    }
    if (file.isBeyondEnd(vma.filePageOf(address))) {
      kernel.journal().decide(task, DecideReason.BEYOND_EOF, vma, address, 0);
      return Outcome.SIGBUS;
    }
    boolean fullMinor = false;
    if (vma.isGmem()) {
      if (!file.isShared(filePage)) {
        kernel.journal().decide(task, DecideReason.GMEM_PRIVATE, vma, address, 0);
        return Outcome.SIGBUS;
      }
      fullMinor = kernel.config().gmem() == GmemProfile.FULL_MINOR && vma.hasMinor();
      if (fullMinor && !file.isCached(filePage)) {
        // The seed's trap sits behind the allocation: the page is there, zeroed, before the
        // message.
        kernel.pages().fillCache(file, filePage, folios.allocateZeroed());
        kernel.journal().syncFile(file, filePage, 1, null, task.actor(), task.cause);
      }
    }
    boolean cached = file.isCached(filePage);
    boolean own = vma.isHugetlb() && !vma.shared && !cached;
    if (cached && vma.hasMinor()) {
      DecideReason minor = fullMinor ? DecideReason.GMEM_FULL_MINOR : DecideReason.CACHED_MINOR;
      return trap.raise(task, vma, page, minor, UffdMessage.FLAG_MINOR);
    }
    if (!cached && vma.hasMissing()) {
      return trap.raise(task, vma, page, DecideReason.ABSENT_MISSING, 0);
    }
    DecideReason why = cached ? DecideReason.CACHED_MAPPED : DecideReason.ABSENT_ZEROED;
    if (task.write && Pte.has(task.mm.pte(address & -PAGE_BYTES), Pte.MARKER_WP) && vma.hasWp()) {
      // The page is mapped, and what was left of its protection stops the store then.
      kernel.journal().decide(task, why, vma, address, 0);
    } else {
      pass(task, why, vma, address, cached ? file.folio(vma.filePageOf(address)) : Folios.ZERO);
    }
    if (own) {
      // A private huge page is the mapping's own from the first access on, and enters no file.
      for (long at = page; at < page + vma.unitBytes(); at += PAGE_BYTES) {
        kernel.pages().map(vma, at, folios.allocateZeroed(), task.write);
      }
      installed(task, vma, page, page + vma.unitBytes());
      return null;
    }
    if (!cached) {
      for (int i = 0; i < file.unitPages(); i++) {
        kernel.pages().fillCache(file, filePage + i, folios.allocateZeroed());
      }
    }
    for (long at = page; at < page + vma.unitBytes(); at += PAGE_BYTES) {
      mapFilePage(vma, at, task.write);
    }
    installed(task, vma, page, page + vma.unitBytes());
    if (!cached) {
      kernel.journal().syncFile(file, filePage, file.unitPages(), vma, task.actor(), task.cause);
    }
    return null;
  }

  /**
   * Maps what is cached in a window around a page, before anything is asked of the page itself: a
   * hole, or the end of the file, keeps no neighbour from being mapped.
   *
   * @return whether the page itself is mapped now
   */
  private boolean faultAround(Task task, Vma vma, long page) {
    MemoryFile file = vma.backingFile();
    long window = (long) kernel.config().faultAroundPages() * PAGE_BYTES;
    long from = Math.max(vma.start, page & -window);
    long tableEnd = (page & -PAGE_TABLE_BYTES) + PAGE_TABLE_BYTES;
    long to = Math.min(Math.min(from + window, tableEnd), vma.end);
    boolean itself = isInCache(file, vma.filePageOf(page));
    if (itself) {
      pass(task, DecideReason.CACHED_MAPPED, vma, page, file.folio(vma.filePageOf(page)));
    }
    boolean any = false;
    for (long at = from; at < to; at += PAGE_BYTES) {
      if (task.mm.pte(at) == Pte.NONE && isInCache(file, vma.filePageOf(at))) {
        mapFilePage(vma, at, false);
        any = true;
      }
    }
    if (any) {
      installed(task, vma, from, to);
    }
    return itself;
  }

  private static boolean isInCache(MemoryFile file, long filePage) {
    return file.isUpToDate(filePage) && !file.isBeyondEnd(filePage);
  }

  private static boolean mayFaultAround(Task task, Vma vma) {
    return !task.write && !vma.hasMinor() && !vma.hasWp() && (vma.isShmem() || isRegular(vma));
  }

  private static boolean isRegular(Vma vma) {
    return vma.file != null && vma.file.kind() == MemoryFile.Kind.REGULAR;
  }

  private void mapFilePage(Vma vma, long page, boolean write) {
    vma.backingFile().use(vma.filePageOf(page));
    int cached = vma.backingFile().folio(vma.filePageOf(page));
    if (vma.shared) {
      kernel.pages().map(vma, page, cached, vma.writable);
    } else if (write) {
      kernel.pages().map(vma, page, folios.copyOf(cached), true);
    } else {
      kernel.pages().map(vma, page, cached, false);
    }
  }

  private @Nullable Outcome readOnly(Task task, Vma vma, long page, int pte) {
    Userfaultfd uffd = vma.uffd;
    // Where a REGISTER took the mode away, the bits stay, and stop nobody.
    if (Pte.has(pte, Pte.UFFD_WP) && vma.hasWp()) {
      boolean async = uffd != null && uffd.has(UffdFeature.WP_ASYNC);
      long unit = page & -vma.unitBytes();
      if (!async) {
        return trap.raise(task, vma, unit, DecideReason.WRITE_PROTECTED, UffdMessage.FLAG_WP);
      }
      kernel.journal().decide(task, DecideReason.WP_ASYNC, vma, page, 0);
      for (long at = unit; at < unit + vma.unitBytes(); at += PAGE_BYTES) {
        task.mm.pte(at, task.mm.pte(at) & ~Pte.UFFD_WP);
      }
      installed(task, vma, unit, unit + vma.unitBytes());
      return null;
    }
    if (Pte.has(pte, Pte.HUGE)) {
      kernel.hugePages().write(task, vma, page, pte);
      return null;
    }
    int folio = Pte.folio(pte);
    long start = page & -vma.unitBytes();
    long end = start + vma.unitBytes();
    if (vma.shared || isOwnedAlone(vma, page, folio)) {
      for (long at = start; at < end; at += PAGE_BYTES) {
        task.mm.pte(at, task.mm.pte(at) | Pte.WRITABLE);
      }
      return null;
    }
    pass(task, DecideReason.COPY_ON_WRITE, vma, page, folio);
    kernel.pages().announceUnmap(task, vma.mm, start, end);
    vma.mm.prepareAnon(vma);
    for (long at = start; at < end; at += PAGE_BYTES) {
      int copy = folios.copyOf(Pte.folio(task.mm.pte(at)));
      kernel.pages().unmap(vma, at);
      kernel.pages().map(vma, at, copy, true);
    }
    installed(task, vma, start, end);
    return null;
  }

  boolean mayWriteAtOnce(Vma vma, long page, int pte) {
    return !Pte.has(pte, Pte.UFFD_WP)
        && (vma.shared ? Pte.has(pte, Pte.DIRTY) : isOwnedAlone(vma, page, Pte.folio(pte)));
  }

  private boolean isOwnedAlone(Vma vma, long page, int folio) {
    return folio != Folios.ZERO
        && folios.references(folio) == 1
        && (vma.file == null || vma.file.folio(vma.filePageOf(page)) != folio);
  }

  private void installed(Task task, Vma vma, long from, long to) {
    task.cause = kernel.journal().mapped(task.actor(), vma, from, to, task.cause);
  }
}
