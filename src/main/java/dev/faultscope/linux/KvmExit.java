package dev.faultscope.linux;

/** Why a vCPU came back. */
public sealed interface KvmExit {
  /** An access to an address that no slot has; the value is what was written. */
  record Mmio(long address, long value, int length, boolean isWrite) implements KvmExit {}

  /** The guest halted. */
  record Halt() implements KvmExit {}

  /** A signal, or {@link Vcpu#askToStop}. */
  record Interrupted() implements KvmExit {}

  /** The guest's access cannot be served from the slot. */
  record MemoryFault(long guestAddress, long size, long flags) implements KvmExit {}

  /** Anything else, with the kernel's number and what it says besides. */
  record Other(int reason, long detail) implements KvmExit {}
}
