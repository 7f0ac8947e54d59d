package dev.faultscope.scenario;

import org.jspecify.annotations.Nullable;

/** A step that concerns a virtual machine. */
public sealed interface KvmAction extends Action {

  /**
   * A guest physical address.
   *
   * @param memory a byte of a slot's memory, null for an absolute address
   * @param address the address where {@code memory} is null
   */
  record GuestPlace(@Nullable Place memory, long address) {}

  /** A step of a vCPU. */
  sealed interface OfVcpu extends KvmAction {
    String vcpu();

    @Override
    default Observes observes() {
      return Observes.VCPU;
    }
  }

  /** The guest reads or writes a byte; without a slot it is an MMIO access. */
  record GuestTouch(String vcpu, GuestPlace at, boolean write, int value, boolean asPrivate)
      implements OfVcpu {}

  /**
   * The guest accesses a device at an address without a slot.
   *
   * @param string where a string instruction copies from, null for a plain load or store
   */
  record Mmio(String vcpu, long gpa, boolean write, @Nullable GuestPlace string)
      implements OfVcpu {}

  /** What KVM itself keeps in guest memory. */
  enum Own {
    KVMCLOCK,
    STEAL_TIME,
    PV_EOI,
    WALL_CLOCK
  }

  /** KVM writes its own data into guest memory. */
  record OwnAccess(String vcpu, Own what, GuestPlace at, int value) implements OfVcpu {}

  /** KVM_TRANSLATE. */
  record Translate(String vcpu) implements OfVcpu {}

  /** KVM_PRE_FAULT_MEMORY of one page. */
  record PreFault(String vcpu, GuestPlace at) implements OfVcpu {}

  /** KVM_RUN after an exit. */
  record Run(String vcpu) implements OfVcpu {}

  /** A step of the VMM. */
  sealed interface OfVm extends KvmAction {
    @Override
    default Observes observes() {
      return Observes.CALL;
    }
  }

  /** The VMM sets or clears bits of a slot's KVM Userfault bitmap. */
  record UserfaultBits(GuestPlace at, long pages, boolean set) implements OfVm {}

  /**
   * A slot is made or deleted, its flags or the mapping of its bitmap change.
   *
   * @param userfault null to leave KVM_MEM_USERFAULT
   * @param bitmapReadable null to leave it
   * @param exists null to leave it
   * @param log null to leave KVM_MEM_LOG_DIRTY_PAGES
   */
  record ChangeSlot(
      String slot,
      @Nullable Boolean userfault,
      @Nullable Boolean bitmapReadable,
      @Nullable Boolean exists,
      @Nullable Boolean log)
      implements OfVm {}

  /** KVM_GET_DIRTY_LOG. */
  record ReadDirtyLog(String slot) implements OfVm {}

  /** KVM_CLEAR_DIRTY_LOG of pages of a slot. */
  record ClearDirtyLog(GuestPlace at, long pages) implements OfVm {}

  /** KVM_SET_MEMORY_ATTRIBUTES. */
  record Attributes(GuestPlace at, long pages, boolean toPrivate) implements OfVm {}
}
