package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.HoleKind;
import java.util.List;

/** The system calls on a file whose pages are mapped: they reach every mapping of it. */
final class FileCalls {
  /** A page that lies beyond every file. */
  private static final long EVERYTHING = Integer.MAX_VALUE;

  /** Where the largest file ends (MAX_LFS_FILESIZE). */
  private static final long MOST_BYTES = Long.MAX_VALUE;

  private final Kernel kernel;

  FileCalls(Kernel kernel) {
    this.kernel = kernel;
  }

  /** fallocate(2). No userfaultfd is told. */
  Errno fallocate(Task caller, MemoryFile file, int mode, long offset, long bytes) {
    boolean punch = (mode & MemoryCalls.FALLOC_PUNCH_HOLE) != 0;
    boolean keepsSize = (mode & MemoryCalls.FALLOC_KEEP_SIZE) != 0;
    boolean gmem = file.kind() == MemoryFile.Kind.GUEST_MEMFD;
    if (offset < 0 || bytes <= 0) {
      return Errno.EINVAL;
    }
    if ((mode & ~(MemoryCalls.FALLOC_KEEP_SIZE | MemoryCalls.FALLOC_PUNCH_HOLE)) != 0
        || (punch && !keepsSize)) {
      return Errno.EOPNOTSUPP;
    }
    if (offset > MOST_BYTES - bytes) {
      return Errno.EFBIG;
    }
    if (gmem && !keepsSize) {
      return Errno.EOPNOTSUPP;
    }
    if (gmem && (offset % PAGE_BYTES != 0 || bytes % PAGE_BYTES != 0)) {
      return Errno.EINVAL;
    }
    if (punch) {
      punch(caller, file, offset, offset + bytes, HoleKind.PUNCH_HOLE, 0);
      return Errno.OK;
    }
    if (gmem && offset + bytes > file.sizeBytes()) {
      return Errno.EINVAL;
    }
    long first = offset / PAGE_BYTES;
    long size = keepsSize ? file.sizeBytes() : Math.max(file.sizeBytes(), offset + bytes);
    long end = Math.ceilDiv(Math.min(offset + bytes, size), PAGE_BYTES);
    if (end - first - file.cachedPages() > kernel.folios().room()) {
      // What was allocated until memory ran out is given back.
      return Errno.ENOSPC;
    }
    file.sizeBytes(size);
    for (long page = first; page < end; page++) {
      if (!file.isCached(page)) {
        kernel.pages().fillCache(file, page, kernel.folios().allocateZeroed());
        file.allocateOnly(page);
      } else {
        file.use(page);
      }
    }
    kernel.journal().syncFile(file, first, end - first, null, caller.actor(), 0);
    return Errno.OK;
  }

  /**
   * Frees the whole pages of a range of a file, wherever they are mapped, and zeroes the parts at
   * its ends.
   */
  void punch(Task caller, MemoryFile file, long offset, long endOffset, HoleKind kind, long cause) {
    long unit = (long) file.unitPages() * PAGE_BYTES;
    long first = Math.ceilDiv(offset, unit) * file.unitPages();
    // Beyond the unit that the file ends in there is nothing whose bytes could be zeroed.
    long lastUnit = Math.ceilDiv(file.sizeBytes(), unit);
    long end = Math.min(endOffset / unit, lastUnit) * file.unitPages();
    zeroPart(caller, file, offset, endOffset, first - file.unitPages(), cause);
    if (endOffset / unit < lastUnit && end >= first) {
      zeroPart(caller, file, offset, endOffset, end, cause);
    }
    if (end <= first) {
      if (file.kind() == MemoryFile.Kind.MEMFD && endOffset + 1 < PAGE_BYTES) {
        // Within the first page shmem_fallocate() rounds the end of what it unmaps to below zero,
        // which unmap_mapping_range() takes for the end of the file.
        unmap(caller, file, first, EVERYTHING);
        tell(caller, file, first, EVERYTHING, kind, cause);
      }
      return;
    }
    kernel.pages().announceFree(file, first, end - first);
    unmap(caller, file, first, end);
    file.removeIn(first, end, kernel.folios());
    tell(caller, file, first, end, kind, cause);
  }

  /** Takes pages of a file out of every page table. */
  private void unmap(Task caller, MemoryFile file, long first, long end) {
    for (Vma vma : List.copyOf(file.mappings)) {
      long from = vma.addressOf(first);
      long to = vma.addressOf(end);
      if (from < to) {
        kernel.pages().announceUnmap(caller, vma.mm, from, to);
        for (long page = from; page < to; page += PAGE_BYTES) {
          int pte = vma.mm.pte(page);
          // A private copy is not the file's page, and a poison marker is not a page at all; the
          // page of zeros is nobody's copy.
          boolean copied =
              Pte.folio(pte) != file.folio(vma.filePageOf(page)) && Pte.folio(pte) != Folios.ZERO;
          if (Pte.isPresent(pte) && !copied) {
            zapOne(vma, page, pte);
          }
        }
      }
    }
  }

  private void tell(Task caller, MemoryFile file, long first, long end, HoleKind kind, long cause) {
    for (Vma vma : List.copyOf(file.mappings)) {
      long from = vma.addressOf(first);
      long to = vma.addressOf(end);
      if (from < to) {
        kernel.journal().hole(kind, caller.actor(), vma, from, to, cause);
      }
    }
  }

  /** Zeroes what a range has of the unit that begins with a page. */
  private void zeroPart(
      Task caller, MemoryFile file, long offset, long endOffset, long unitPage, long cause) {
    for (long page = unitPage; page < unitPage + file.unitPages(); page++) {
      long start = page * PAGE_BYTES;
      long from = Math.max(0, offset - start);
      long to = Math.min(PAGE_BYTES, endOffset - start);
      if (from < to && file.isCached(page)) {
        kernel.folios().fill(file.folio(page), (int) from, (int) to, 0);
        kernel
            .journal()
            .bytesChanged(file, page, null, caller.actor(), cause, (int) from, (int) to, 0);
      }
    }
  }

  /** Takes a page out of a page table; a file's write protection stays behind as a marker. */
  void zapOne(Vma vma, long page, int pte) {
    kernel.pages().unmap(vma, page);
    if (Pte.has(pte, Pte.UFFD_WP) && !vma.isAnonymous() && vma.hasWp()) {
      vma.mm.pte(page, Pte.MARKER_WP);
    }
  }

  /**
   * Puts bytes into a file's page as write(2) does, from {@code from} to {@code to} within the
   * page. An absent page enters the cache before its bytes are there.
   */
  Errno write(Task caller, MemoryFile file, long page, int from, int to, int value) {
    Errno errno = put(file, page, from, to, value);
    if (errno == Errno.OK) {
      long call = kernel.journal().written(caller, file, page, from, to, value);
      sync(caller, file, page, call);
    }
    return errno;
  }

  /** Fills a page of a file before anything runs, by no call that anybody makes. */
  void populate(Task owner, MemoryFile file, long page, int value) {
    if (put(file, page, 0, (int) PAGE_BYTES, value) == Errno.OK) {
      sync(owner, file, page, 0);
    }
  }

  private void sync(Task caller, MemoryFile file, long page, long cause) {
    long first = page / file.unitPages() * file.unitPages();
    kernel.journal().syncFile(file, first, file.unitPages(), null, caller.actor(), cause);
  }

  private Errno put(MemoryFile file, long page, int from, int to, int value) {
    if (page < 0 || file.isBeyondEnd(page)) {
      return Errno.EINVAL;
    }
    boolean gmem = file.kind() == MemoryFile.Kind.GUEST_MEMFD;
    if (gmem && kernel.config().directMapRemoved() && file.isCached(page)) {
      // The kernel has no address of its own for the page any more.
      return Errno.EEXIST;
    }
    if (!file.isCached(page)) {
      for (int i = 0; i < file.unitPages(); i++) {
        long each = page / file.unitPages() * file.unitPages() + i;
        kernel.pages().fillCache(file, each, kernel.folios().allocateZeroed());
      }
      if (to - from < PAGE_BYTES) {
        kernel.folios().beginParts(file.folio(page));
      }
    }
    file.use(page);
    kernel.folios().fill(file.folio(page), from, to, value);
    return Errno.OK;
  }

  /**
   * Converts pages of a guest_memfd in place.
   *
   * @return -1 on success, else the first page that is still in use (EAGAIN)
   */
  long convert(Task caller, MemoryFile file, long page, long pages, boolean toPrivate) {
    if (page < 0 || pages < 1 || file.isBeyondEnd(page + pages - 1)) {
      throw new IllegalArgumentException(
          file.name() + " has no pages " + page + " to " + (page + pages - 1));
    }
    if (toPrivate) {
      for (Vma vma : List.copyOf(file.mappings)) {
        long from = vma.addressOf(page);
        long to = vma.addressOf(page + pages);
        for (long at = from; at < to; at += PAGE_BYTES) {
          kernel.pages().unmap(vma, at);
        }
        if (from < to) {
          kernel.pages().announceUnmap(caller, vma.mm, from, to);
        }
      }
      for (long at = page; at < page + pages; at++) {
        if (file.isCached(at) && kernel.folios().isPinned(file.folio(at))) {
          noteConversion(caller, file, page, pages);
          return at;
        }
      }
    }
    // The guest's own mapping goes both ways: it is to see the new kind.
    kernel.pages().announceFree(file, page, pages);
    for (long at = page; at < page + pages; at++) {
      file.visibility.set(at, toPrivate ? 1 : 2);
    }
    noteConversion(caller, file, page, pages);
    return -1;
  }

  private void noteConversion(Task caller, MemoryFile file, long page, long pages) {
    for (Vma vma : List.copyOf(file.mappings)) {
      long from = vma.addressOf(page);
      long to = vma.addressOf(page + pages);
      if (from < to) {
        kernel.journal().hole(HoleKind.CONVERT, caller.actor(), vma, from, to, caller.lastRead);
      }
    }
  }
}
