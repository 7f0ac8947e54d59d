package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Content;
import dev.faultscope.timeline.EventDraft;

/** Reads what pages hold off the kernel's own structures, and says it of an event. */
final class PageBytes {
  private final Folios folios;

  PageBytes(Folios folios) {
    this.folios = folios;
  }

  /**
   * Says what the pages of a range hold: one byte all over, each its number, or for a page alone
   * its ranges. What takes more than an event has room for is not said; zeros that nobody wrote are
   * a page state.
   */
  void tell(EventDraft draft, Vma vma, long start, long end) {
    int first = folioOf(vma, start);
    if (first < 0 || folios.isPristine(first)) {
      return;
    }
    boolean alone = end - start == PAGE_BYTES;
    if (!folios.isUniform(first)) {
      if (alone) {
        ranges(draft, first);
      }
      return;
    }
    int value = folios.get(first, 0);
    if (alone) {
      draft.content(0, (int) PAGE_BYTES, value);
      return;
    }
    boolean same = true;
    boolean pattern = true;
    for (long page = start; page < end && (same || pattern); page += PAGE_BYTES) {
      int folio = folioOf(vma, page);
      if (folio < 0 || !folios.isUniform(folio)) {
        return;
      }
      int each = folios.get(folio, 0);
      same &= each == value;
      pattern &= each == vma.regionPageOf(page) % Content.PATTERN_MODULUS;
    }
    if (same || pattern) {
      draft.content(0, (int) PAGE_BYTES, same ? value : Content.PATTERN);
    }
  }

  private void ranges(EventDraft draft, int folio) {
    int from = 0;
    for (int told = 0; from < PAGE_BYTES; told++) {
      if (told == Content.MAX_RANGES) {
        draft.withoutContent();
        return;
      }
      int value = folios.get(folio, from);
      int to = from + 1;
      while (to < PAGE_BYTES && folios.get(folio, to) == value) {
        to++;
      }
      draft.content(from, to - from, value);
      from = to;
    }
  }

  /** {@return what the page shows: its own frame or the file's, -1 for neither} */
  private static int folioOf(Vma vma, long page) {
    int pte = vma.mm.pte(page);
    if (Pte.isPresent(pte)) {
      return Pte.folio(pte);
    }
    int cached = vma.file == null ? 0 : vma.file.folio(vma.filePageOf(page));
    return cached == 0 ? -1 : cached;
  }
}
