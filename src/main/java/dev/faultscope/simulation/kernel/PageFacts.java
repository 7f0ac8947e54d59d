package dev.faultscope.simulation.kernel;

import dev.faultscope.model.PageState;
import java.util.ArrayList;
import java.util.List;

/** Reads a page's {@link PageState} off the kernel's own structures. */
final class PageFacts {
  private final Folios folios;
  private final List<PageOverlay> overlays = new ArrayList<>();

  PageFacts(Folios folios) {
    this.folios = folios;
  }

  void add(PageOverlay overlay) {
    overlays.add(overlay);
  }

  int of(Vma vma, long page) {
    int pte = vma.mm.pte(page);
    int facts = 0;
    int folio = -1;
    if (Pte.isPresent(pte)) {
      facts |= PageState.MAPPED;
      folio = Pte.folio(pte);
      facts |= Pte.has(pte, Pte.HUGE) ? PageState.HOST_HUGE : 0;
    }
    if ((pte & (Pte.UFFD_WP | Pte.MARKER_WP)) != 0) {
      facts |= PageState.UFFD_WP;
    }
    if (Pte.has(pte, Pte.MARKER_POISON)) {
      facts |= PageState.POISONED;
    }
    if (Pte.has(pte, Pte.DIRTY)) {
      facts |= PageState.DIRTY;
    }
    MemoryFile file = vma.file;
    if (file != null) {
      int cached = file.folio(vma.filePageOf(page));
      if (cached != 0) {
        facts |= PageState.CACHED;
        folio = folio < 0 ? cached : folio;
      }
      if (vma.isGmem() && !file.isShared(vma.filePageOf(page))) {
        facts |= PageState.PRIVATE;
      }
    }
    if (folio >= 0 && folios.isPristine(folio)) {
      facts |= PageState.ZERO;
    }
    if (folio >= 0 && folios.isPartial(folio)) {
      facts |= PageState.PARTIAL;
    }
    Waiter waiter = vma.mm.waiters.firstAt(page);
    while (waiter != null) {
      facts |= waiting(waiter);
      waiter = Waiters.nextAt(waiter);
    }
    for (int i = 0; i < overlays.size(); i++) {
      facts |= overlays.get(i).facts(vma.mm, page);
    }
    return facts;
  }

  private static int waiting(Waiter waiter) {
    int flags = waiter.message.flags();
    return (waiter.read ? PageState.READ : PageState.QUEUED)
        | ((flags & UffdMessage.FLAG_MINOR) != 0 ? PageState.MINOR : 0)
        | ((flags & UffdMessage.FLAG_WP) != 0 ? PageState.WP_FAULT : 0);
  }
}
