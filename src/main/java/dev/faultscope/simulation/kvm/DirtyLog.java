package dev.faultscope.simulation.kvm;

import static dev.faultscope.simulation.kernel.MemoryFile.HUGE_PAGES;

import dev.faultscope.model.Region;
import dev.faultscope.simulation.kernel.GuestPages;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.Task;
import java.util.BitSet;

/**
 * KVM_MEM_LOG_DIRTY_PAGES: which pages of a slot were written, found by taking the permission to
 * write from stage 2. The first write to a page then faults once, and puts it into the log.
 */
final class DirtyLog {
  private final Kernel kernel;
  private final KvmRules rules;
  private final Memslot slot;
  private final BitSet dirty = new BitSet();
  private boolean on;

  DirtyLog(Kernel kernel, KvmRules rules, Memslot slot) {
    this.kernel = kernel;
    this.rules = rules;
    this.slot = slot;
  }

  boolean isOn() {
    return on;
  }

  /** A page may be written from now on without KVM being asked: that is as good as written. */
  void mark(int page) {
    if (on) {
      dirty.set(page);
    }
  }

  /** Going on protects every page, unless the log begins full. Going off lifts no protection. */
  void set(Task by, boolean enable) {
    if (on == enable) {
      return;
    }
    on = enable;
    dirty.clear();
    if (on && rules.initiallySet()) {
      dirty.set(0, slot.pages());
    } else if (on) {
      BitSet all = new BitSet();
      all.set(0, slot.pages());
      protect(by, all);
    } else {
      recoverLeaves(by);
    }
  }

  /** KVM_GET_DIRTY_LOG. {@return the pages that were written since they were reported last} */
  BitSet get(Task by) {
    BitSet reported = (BitSet) dirty.clone();
    if (!rules.clearsByHand()) {
      dirty.clear();
      protect(by, reported);
    }
    return reported;
  }

  /** KVM_CLEAR_DIRTY_LOG of a range of pages. */
  void clear(Task by, int from, int to) {
    BitSet cleared = new BitSet();
    cleared.set(from, to);
    cleared.and(dirty);
    dirty.andNot(cleared);
    protect(by, cleared);
  }

  private void protect(Task by, BitSet pages) {
    pages.stream().forEach(page -> protect(by, page));
    if (!pages.isEmpty()) {
      kernel.overlayChanged(
          by, slot.mm(), slot.hvaOf(pages.nextSetBit(0)), slot.hvaOf(pages.length()));
    }
  }

  /** A leaf of 2 MiB cannot say which of its pages is written: it is split first. */
  private void protect(Task by, int page) {
    if (slot.stage2.isHuge(page)) {
      int from = slot.leafOf(page);
      kernel.guestPages().leafSplits(by, slot.mm(), slot.hvaOf(from));
      slot.stage2.split(from, from + HUGE_PAGES);
    }
    slot.stage2.protect(page);
  }

  /**
   * Puts leaves of 2 MiB back where the host has huge pages, over pages that nobody accessed too,
   * with the permission of the first entry that is there.
   */
  private void recoverLeaves(Task by) {
    GuestPages pages = kernel.guestPages();
    int page = 0;
    while (page < slot.pages()) {
      int from = slot.leafOf(page);
      boolean fits =
          slot.stage2.isPresent(page)
              && from >= 0
              && from + HUGE_PAGES <= slot.pages()
              && slot.hvaOf(from) % Region.HUGE_PAGE_BYTES == 0
              && pages.unitPages(slot.mm(), slot.hvaOf(page)) == HUGE_PAGES;
      if (!fits) {
        page++;
        continue;
      }
      boolean mayWrite = slot.stage2.isWritable(page) || slot.stage2.isProtected(page);
      boolean isProtected = slot.stage2.isProtected(page);
      for (int each = from; each < from + HUGE_PAGES; each++) {
        boolean wasDirty = slot.stage2.isDirty(each);
        slot.stage2.mapHuge(each, pages.frame(slot.mm(), slot.hvaOf(each)), mayWrite);
        if (isProtected) {
          slot.stage2.protect(each);
        }
        if (wasDirty) {
          slot.stage2.dirty(each);
        }
      }
      slot.everMapped.set(from, from + HUGE_PAGES);
      kernel.overlayChanged(by, slot.mm(), slot.hvaOf(from), slot.hvaOf(from + HUGE_PAGES));
      page = from + HUGE_PAGES;
    }
  }
}
