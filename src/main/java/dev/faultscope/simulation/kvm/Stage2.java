package dev.faultscope.simulation.kvm;

import java.util.function.IntPredicate;

/**
 * The stage-2 entries of one slot, by page of the slot: which frame, and whether it may be written.
 */
final class Stage2 {
  private static final int PRESENT = 1;
  private static final int WRITABLE = 1 << 1;
  private static final int DIRTY = 1 << 2;
  private static final int LEAF_2M = 1 << 3;

  /** Nobody but KVM's own write protection keeps the guest from writing. */
  private static final int MAY_WRITE = 1 << 4;

  private static final int FRAME_SHIFT = 5;

  private final int[] entries;
  private int present;

  Stage2(int pages) {
    entries = new int[pages];
  }

  boolean isPresent(int page) {
    return (entries[page] & PRESENT) != 0;
  }

  boolean isWritable(int page) {
    return (entries[page] & WRITABLE) != 0;
  }

  boolean isDirty(int page) {
    return (entries[page] & DIRTY) != 0;
  }

  /** {@return whether only KVM's own write protection keeps the guest from writing} */
  boolean isProtected(int page) {
    return (entries[page] & (WRITABLE | MAY_WRITE)) == MAY_WRITE;
  }

  /** Entries of 4 KiB take the place of a leaf of 2 MiB. */
  void split(int from, int to) {
    for (int page = from; page < to; page++) {
      entries[page] &= ~LEAF_2M;
    }
  }

  void protect(int page) {
    entries[page] &= ~WRITABLE;
  }

  /** Lifts KVM's own write protection. */
  void lift(int page) {
    entries[page] |= WRITABLE;
  }

  /** {@return whether the page's entry is part of a 2-MiB leaf} */
  boolean isHuge(int page) {
    return (entries[page] & LEAF_2M) != 0;
  }

  int frame(int page) {
    return entries[page] >>> FRAME_SHIFT;
  }

  void map(int page, int frame, boolean writable) {
    if (entries[page] == 0) {
      present++;
    }
    entries[page] = frame << FRAME_SHIFT | (writable ? WRITABLE | MAY_WRITE : 0) | PRESENT;
  }

  void mapHuge(int page, int frame, boolean writable) {
    map(page, frame, writable);
    entries[page] |= LEAF_2M;
  }

  void dirty(int page) {
    entries[page] |= DIRTY;
  }

  /** Empties the entries of a range, those for which {@code which} holds. */
  void zap(int from, int to, IntPredicate which) {
    if (present == 0) {
      return;
    }
    for (int page = from; page < to; page++) {
      if (entries[page] != 0 && which.test(page)) {
        entries[page] = 0;
        present--;
      }
    }
  }

  /** {@return pages mapped} */
  int present() {
    return present;
  }
}
