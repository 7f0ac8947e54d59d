package dev.faultscope.simulation.kvm;

/**
 * One access of a vCPU's current instruction. Kept and reused: millions of them allocate nothing.
 */
final class GuestAccess {
  /** Who makes it. */
  enum By {
    /** The processor, walking page tables or fetching code: noted only where stage 2 lacks it. */
    WALK,
    /** The guest's instruction. */
    GUEST,
    /** KVM_PRE_FAULT_MEMORY: a guest read without a guest. */
    PRE_FAULT,
    /** KVM itself, through the user mapping. */
    KVM
  }

  By by = By.GUEST;
  long gpa;
  boolean write;

  /** Whether it fetches an instruction. */
  boolean fetch;

  int value;
  boolean wantsPrivate;

  /** How many invalidations there had been when its fault began. */
  long invalidations;

  /** Whether its touch was noted. */
  boolean touched;

  /** Whether the reason that it takes this way was noted. */
  boolean explained;

  void set(By who, long address, boolean store, int with, boolean asPrivate) {
    by = who;
    gpa = address;
    write = store;
    fetch = false;
    value = with;
    wantsPrivate = asPrivate;
    restart();
  }

  void restart() {
    touched = false;
    explained = false;
  }
}
