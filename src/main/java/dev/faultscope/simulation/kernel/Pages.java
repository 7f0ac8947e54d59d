package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts folios behind pages and into page caches, and takes them away; whoever caches them is told.
 */
final class Pages {
  private final Folios folios;
  private final Interruption interruption;
  private final List<InvalidationListener> invalidations = new ArrayList<>();

  Pages(Folios folios, Interruption interruption) {
    this.folios = folios;
    this.interruption = interruption;
  }

  void add(InvalidationListener invalidation) {
    invalidations.add(invalidation);
  }

  /** Puts a folio behind a page that has none; a write-protect marker carries over. */
  void map(Vma vma, long page, int folio, boolean writable) {
    int old = vma.mm.pte(page);
    boolean protect = Pte.has(old, Pte.MARKER_WP) && vma.hasWp();
    folios.reference(folio);
    vma.mm.pte(
        page,
        Pte.of(folio, protect ? Pte.UFFD_WP : writable && folio != Folios.ZERO ? Pte.WRITABLE : 0));
  }

  /** Takes the folio from behind a page; markers go too. */
  void unmap(Vma vma, long page) {
    int pte = vma.mm.pte(page);
    vma.mm.pte(page, Pte.NONE);
    if (Pte.isPresent(pte)) {
      folios.release(Pte.folio(pte));
    }
  }

  void fillCache(MemoryFile file, long page, int folio) {
    interruption.worked();
    file.insert(page, folio, folios);
    if (file.kind() == MemoryFile.Kind.GUEST_MEMFD) {
      folios.prepare(folio);
    }
  }

  void announceUnmap(@Nullable Task by, Mm mm, long start, long end) {
    for (int i = 0; i < invalidations.size(); i++) {
      invalidations.get(i).unmapped(by, mm, start, end);
    }
  }

  void announceFree(MemoryFile file, long page, long pages) {
    for (int i = 0; i < invalidations.size(); i++) {
      invalidations.get(i).freed(file, page, pages);
    }
  }

  /**
   * {@return the byte that a read would see now without a fault's help, -1 where nothing is mapped}
   */
  int peek(Mm mm, long address) {
    Vma vma = mm.find(address);
    if (vma == null) {
      return -1;
    }
    long page = address & -PAGE_BYTES;
    int pte = mm.pte(page);
    if (Pte.isPresent(pte)) {
      return folios.get(Pte.folio(pte), (int) (address - page));
    }
    int cached = vma.file == null ? 0 : vma.file.folio(vma.filePageOf(page));
    return cached == 0 ? 0 : folios.get(cached, (int) (address - page));
  }
}
