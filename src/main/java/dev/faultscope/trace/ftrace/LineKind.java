package dev.faultscope.trace.ftrace;

/** What a line says, after both spellings of an event have become one. */
enum LineKind {
  /** A page fault on a host virtual address. */
  FAULT,
  /** A stage-2 fault on a guest physical address. */
  GUEST_FAULT,
  VM_EXIT,
  VM_ENTRY,
  USERSPACE_EXIT,
  MMIO,
  TABLE_WALK,
  /** KVM has the host page of a guest frame. */
  FRAME_MAPPED,
  /** A stage-2 entry was set, by a fault or ahead of one. */
  SPTE_SET,
  /** A stage-2 entry became another. */
  SPTE_CHANGED,
  /** KVM tried to lift a write protection without a lock. */
  FAST_FAULT,
  /** KVM splits a huge entry: the line that says how comes beside it. */
  LEAF_SPLIT,
  /** What only an access without memory behind it brings about. */
  EMULATED,
  ASYNC_FAULT,
  /** Host addresses are taken from guests. */
  UNMAPPED,
  AGED,
  ZAP_ALL,
  SWITCH,
  IOCTL_ENTER,
  IOCTL_EXIT,
  /** Entry of madvise, munmap or fallocate: pages may go. */
  HOLE_ENTER,
  HOLE_EXIT,
  /** An event the importer has no use for. */
  OTHER;

  private static final LineKind[] VALUES = values();

  static LineKind of(int ordinal) {
    return VALUES[ordinal];
  }

  /**
   * {@return whether a thread that has such a line runs: it is not asleep in a fault}
   *
   * <p>Events the importer does not know prove nothing: some of them come between the fault and the
   * sleep.
   */
  boolean provesRunning() {
    return switch (this) {
      case FAULT,
          GUEST_FAULT,
          VM_EXIT,
          VM_ENTRY,
          USERSPACE_EXIT,
          MMIO,
          FRAME_MAPPED,
          SPTE_SET,
          EMULATED,
          IOCTL_ENTER,
          IOCTL_EXIT,
          HOLE_ENTER,
          HOLE_EXIT ->
          true;
      case TABLE_WALK,
          SPTE_CHANGED,
          FAST_FAULT,
          LEAF_SPLIT,
          ASYNC_FAULT,
          UNMAPPED,
          AGED,
          ZAP_ALL,
          SWITCH,
          OTHER ->
          false;
    };
  }
}
