package dev.faultscope.trace.ftrace;

import java.nio.charset.StandardCharsets;

/** The trace events the importer understands, by their names without the {@code system:} part. */
enum KnownEvent {
  PAGE_FAULT_USER("page_fault_user"),
  PAGE_FAULT_KERNEL("page_fault_kernel"),
  KVM_PAGE_FAULT("kvm_page_fault"),
  /** arm64's stage-2 fault. */
  KVM_GUEST_FAULT("kvm_guest_fault"),
  KVM_EXIT("kvm_exit"),
  KVM_ENTRY("kvm_entry"),
  KVM_USERSPACE_EXIT("kvm_userspace_exit"),
  KVM_MMIO("kvm_mmio"),
  /** Shadow paging: KVM walks the guest's tables before it maps a page. */
  PAGE_TABLE_WALK("kvm_mmu_pagetable_walk"),
  /** KVM has the host page of a guest frame and is about to map it. */
  SPTE_REQUESTED("kvm_mmu_spte_requested"),
  SPTE_SET("kvm_mmu_set_spte"),
  SPTE_CHANGED("kvm_tdp_mmu_spte_changed"),
  FAST_PAGE_FAULT("fast_page_fault"),
  LEAF_SPLIT("kvm_mmu_split_huge_page"),
  MARK_MMIO("mark_mmio_spte"),
  MMIO_PAGE_FAULT("handle_mmio_page_fault"),
  EMULATE("kvm_emulate_insn"),
  ASYNC_GET_PAGE("kvm_try_async_get_page"),
  NOTIFIER_UNMAP("kvm_unmap_hva_range"),
  NOTIFIER_AGE("kvm_age_hva"),
  NOTIFIER_TEST_AGE("kvm_test_age_hva"),
  ZAP_ALL("kvm_mmu_zap_all_fast"),
  SCHED_SWITCH("sched_switch"),
  /** Raw ftrace prints entry and exit of a system call under one name. */
  SYS_IOCTL("sys_ioctl"),
  SYS_ENTER_IOCTL("sys_enter_ioctl"),
  SYS_EXIT_IOCTL("sys_exit_ioctl"),
  SYS_MADVISE("sys_madvise"),
  SYS_ENTER_MADVISE("sys_enter_madvise"),
  SYS_EXIT_MADVISE("sys_exit_madvise"),
  SYS_MUNMAP("sys_munmap"),
  SYS_ENTER_MUNMAP("sys_enter_munmap"),
  SYS_EXIT_MUNMAP("sys_exit_munmap"),
  SYS_FALLOCATE("sys_fallocate"),
  SYS_ENTER_FALLOCATE("sys_enter_fallocate"),
  SYS_EXIT_FALLOCATE("sys_exit_fallocate"),

  // KVM's own that say nothing of a fault.
  CHECK_MMIO_SPTE("check_mmio_spte"),
  VCPU_MATCH_MMIO("vcpu_match_mmio"),
  KVM_FPU("kvm_fpu"),
  KVM_UPDATE_MASTER_CLOCK("kvm_update_master_clock"),
  KVM_MMU_GET_PAGE("kvm_mmu_get_page"),
  KVM_MMU_SYNC_PAGE("kvm_mmu_sync_page"),
  KVM_MMU_UNSYNC_PAGE("kvm_mmu_unsync_page"),
  KVM_MMU_PREPARE_ZAP_PAGE("kvm_mmu_prepare_zap_page"),
  KVM_MMU_PAGING_ELEMENT("kvm_mmu_paging_element"),
  KVM_MMU_SET_ACCESSED_BIT("kvm_mmu_set_accessed_bit"),
  KVM_MMU_SET_DIRTY_BIT("kvm_mmu_set_dirty_bit"),
  KVM_MMU_WALKER_ERROR("kvm_mmu_walker_error"),
  KVM_HALT_POLL_NS("kvm_halt_poll_ns"),
  KVM_VCPU_WAKEUP("kvm_vcpu_wakeup"),
  KVM_PIO("kvm_pio"),
  KVM_FAST_MMIO("kvm_fast_mmio"),
  KVM_CPUID("kvm_cpuid"),
  KVM_APIC("kvm_apic"),
  KVM_APIC_IPI("kvm_apic_ipi"),
  KVM_APIC_ACCEPT_IRQ("kvm_apic_accept_irq"),
  KVM_EOI("kvm_eoi"),
  KVM_PV_EOI("kvm_pv_eoi"),
  KVM_MSR("kvm_msr"),
  KVM_CR("kvm_cr"),
  KVM_PIC_SET_IRQ("kvm_pic_set_irq"),
  KVM_IOAPIC_SET_IRQ("kvm_ioapic_set_irq"),
  KVM_IOAPIC_DELAYED_EOI_INJ("kvm_ioapic_delayed_eoi_inj"),
  KVM_MSI_SET_IRQ("kvm_msi_set_irq"),
  KVM_SET_IRQ("kvm_set_irq"),
  KVM_ACK_IRQ("kvm_ack_irq"),
  KVM_INJ_VIRQ("kvm_inj_virq"),
  KVM_INJ_EXCEPTION("kvm_inj_exception"),
  KVM_HYPERCALL("kvm_hypercall"),
  KVM_WRITE_TSC_OFFSET("kvm_write_tsc_offset"),
  KVM_TRACK_TSC("kvm_track_tsc"),
  KVM_PVCLOCK_UPDATE("kvm_pvclock_update"),
  KVM_WAIT_LAPIC_EXPIRE("kvm_wait_lapic_expire"),
  KVM_PLE_WINDOW_UPDATE("kvm_ple_window_update"),
  KVM_PI_IRTE_UPDATE("kvm_pi_irte_update"),
  KVM_HV_TIMER_STATE("kvm_hv_timer_state"),
  KVM_APICV_INHIBIT_CHANGED("kvm_apicv_inhibit_changed"),
  KVM_APICV_ACCEPT_IRQ("kvm_apicv_accept_irq"),
  KVM_ENTER_SMM("kvm_enter_smm"),
  KVM_SMM_TRANSITION("kvm_smm_transition"),
  KVM_ASYNC_PF_NOT_PRESENT("kvm_async_pf_not_present"),
  KVM_ASYNC_PF_READY("kvm_async_pf_ready"),
  KVM_ASYNC_PF_COMPLETED("kvm_async_pf_completed"),
  KVM_ASYNC_PF_REPEATED_FAULT("kvm_async_pf_repeated_fault"),
  KVM_DIRTY_RING_PUSH("kvm_dirty_ring_push"),
  KVM_DIRTY_RING_RESET("kvm_dirty_ring_reset"),
  KVM_DIRTY_RING_EXIT("kvm_dirty_ring_exit"),
  KVM_RMP_FAULT("kvm_rmp_fault"),
  KVM_WFX_ARM64("kvm_wfx_arm64"),
  KVM_SYS_ACCESS("kvm_sys_access"),
  KVM_IRQ_LINE("kvm_irq_line"),
  KVM_TIMER_UPDATE_IRQ("kvm_timer_update_irq"),
  KVM_TIMER_SAVE_STATE("kvm_timer_save_state"),
  KVM_TIMER_RESTORE_STATE("kvm_timer_restore_state"),
  KVM_GET_TIMER_MAP("kvm_get_timer_map"),
  KVM_SET_WAY_FLUSH("kvm_set_way_flush"),
  KVM_TOGGLE_CACHE("kvm_toggle_cache");

  private static final int SLOTS = 512;
  private static final KnownEvent[] TABLE = new KnownEvent[SLOTS];

  static {
    for (KnownEvent event : values()) {
      int slot = hash(event.name, 0, event.name.length) & (SLOTS - 1);
      while (TABLE[slot] != null) {
        slot = (slot + 1) & (SLOTS - 1);
      }
      TABLE[slot] = event;
    }
  }

  private final byte[] name;

  KnownEvent(String name) {
    this.name = name.getBytes(StandardCharsets.US_ASCII);
  }

  /** {@return whether it has nothing to do with a fault} */
  boolean isPassedOver() {
    return compareTo(SYS_EXIT_FALLOCATE) > 0;
  }

  /** {@return the event with a name, or null where the importer does not know it} */
  static @org.jspecify.annotations.Nullable KnownEvent of(byte[] text, int from, int to) {
    int slot = hash(text, from, to) & (SLOTS - 1);
    while (TABLE[slot] != null) {
      byte[] name = TABLE[slot].name;
      if (java.util.Arrays.equals(name, 0, name.length, text, from, to)) {
        return TABLE[slot];
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    return null;
  }

  private static int hash(byte[] text, int from, int to) {
    int length = to - from;
    int hash = length * 31;
    if (length >= 4) {
      hash += text[to - 1] + 7 * text[to - 3] + 13 * text[from + length / 2] + 29 * text[from + 3];
    }
    return hash ^ (hash >>> 8);
  }
}
