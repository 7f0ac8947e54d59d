package dev.faultscope.simulation.kvm;

/** What KVM itself keeps in guest memory, through the user mapping. */
public enum KvmAccess {
  /** The clock page that MSR_KVM_SYSTEM_TIME names. */
  KVMCLOCK(false),
  /** Stolen time, on every entry. */
  STEAL_TIME(false),
  /** The paravirtual end-of-interrupt flag. */
  PV_EOI(false),
  /** The wall clock: its version is read before it is written. */
  WALL_CLOCK(true);

  private final boolean readsFirst;

  KvmAccess(boolean readsFirst) {
    this.readsFirst = readsFirst;
  }

  boolean readsFirst() {
    return readsFirst;
  }
}
