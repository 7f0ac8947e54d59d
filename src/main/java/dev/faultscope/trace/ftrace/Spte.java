package dev.faultscope.trace.ftrace;

/**
 * What stage-2 entries are, by their bits as the kernel's MMU tracepoints print them: bit 11 is
 * KVM's own mark of a present entry on every vendor (since Linux 5.13), bit 1 allows writes, bit 7
 * makes an entry above level 1 a leaf. Source: {@code arch/x86/kvm/mmu/spte.h}.
 */
final class Spte {
  private static final long PRESENT = 1 << 11;
  private static final long WRITABLE = 1 << 1;
  private static final long LARGE = 1 << 7;

  /** An empty entry of a kernel that suppresses #VE. */
  private static final long SUPPRESS_VE = Long.MIN_VALUE;

  /** What an entry is. */
  enum Kind {
    NONE,
    /** It maps memory, for reading only. */
    READ_ONLY,
    /** It maps memory. */
    WRITABLE,
    /** It refers to a table of the level below. */
    TABLE,
    /** Its table is being removed. */
    FROZEN,
    /** It marks device memory. */
    MMIO;

    private static final Kind[] VALUES = values();

    boolean isLeaf() {
      return this == READ_ONLY || this == WRITABLE;
    }
  }

  private Spte() {}

  /**
   * {@return what an entry is}
   *
   * @param level 1 for the lowest table
   */
  static Kind kindOf(long spte, int level) {
    if ((spte & PRESENT) != 0) {
      if (level > 1 && (spte & LARGE) == 0) {
        return Kind.TABLE;
      }
      return (spte & WRITABLE) != 0 ? Kind.WRITABLE : Kind.READ_ONLY;
    }
    long rest = spte & ~SUPPRESS_VE;
    if (rest == 0) {
      return Kind.NONE;
    }
    // FROZEN_SPTE, until Linux 6.8 REMOVED_SPTE.
    return rest == 0x1a0 || rest == 0x5a0 ? Kind.FROZEN : Kind.MMIO;
  }

  /** Puts what a line says of a change into one number. */
  static int change(Kind before, Kind after, int level) {
    return level << 8 | before.ordinal() << 4 | after.ordinal();
  }

  static Kind before(int change) {
    return Kind.VALUES[change >> 4 & 0xf];
  }

  static Kind after(int change) {
    return Kind.VALUES[change & 0xf];
  }

  /** {@return the level of its table: 1 for leaves of 4 KiB} */
  static int level(int change) {
    return change >> 8;
  }

  /** {@return pages that an entry of a level spans, at most 2 to the power of 30} */
  static int pages(int level) {
    return level <= 0 ? 1 : 1 << Math.min(30, 9 * (level - 1));
  }
}
