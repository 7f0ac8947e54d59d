package dev.faultscope.trace.ftrace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
  /** KVM's own that say nothing of a fault. */
  PASSED_OVER(
      "check_mmio_spte",
      "vcpu_match_mmio",
      "kvm_fpu",
      "kvm_update_master_clock",
      "kvm_mmu_get_page",
      "kvm_mmu_sync_page",
      "kvm_mmu_unsync_page",
      "kvm_mmu_prepare_zap_page",
      "kvm_mmu_paging_element",
      "kvm_mmu_set_accessed_bit",
      "kvm_mmu_set_dirty_bit",
      "kvm_mmu_walker_error",
      "kvm_halt_poll_ns",
      "kvm_vcpu_wakeup",
      "kvm_pio",
      "kvm_fast_mmio",
      "kvm_cpuid",
      "kvm_apic",
      "kvm_apic_ipi",
      "kvm_apic_accept_irq",
      "kvm_eoi",
      "kvm_pv_eoi",
      "kvm_msr",
      "kvm_cr",
      "kvm_pic_set_irq",
      "kvm_ioapic_set_irq",
      "kvm_ioapic_delayed_eoi_inj",
      "kvm_msi_set_irq",
      "kvm_set_irq",
      "kvm_ack_irq",
      "kvm_inj_virq",
      "kvm_inj_exception",
      "kvm_hypercall",
      "kvm_write_tsc_offset",
      "kvm_track_tsc",
      "kvm_pvclock_update",
      "kvm_wait_lapic_expire",
      "kvm_ple_window_update",
      "kvm_pi_irte_update",
      "kvm_hv_timer_state",
      "kvm_apicv_inhibit_changed",
      "kvm_apicv_accept_irq",
      "kvm_enter_smm",
      "kvm_smm_transition",
      "kvm_async_pf_not_present",
      "kvm_async_pf_ready",
      "kvm_async_pf_completed",
      "kvm_async_pf_repeated_fault",
      "kvm_dirty_ring_push",
      "kvm_dirty_ring_reset",
      "kvm_dirty_ring_exit",
      "kvm_rmp_fault",
      "kvm_wfx_arm64",
      "kvm_sys_access",
      "kvm_irq_line",
      "kvm_timer_update_irq",
      "kvm_timer_save_state",
      "kvm_timer_restore_state",
      "kvm_get_timer_map",
      "kvm_set_way_flush",
      "kvm_toggle_cache");

  private static final int SLOTS = 512;
  private static final @Nullable Entry[] TABLE = new Entry[SLOTS];

  /** A name, and the event it is one of. */
  private record Entry(byte[] name, KnownEvent event) {}

  static {
    for (KnownEvent event : values()) {
      for (String name : event.names) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        int slot = hash(text, 0, text.length) & (SLOTS - 1);
        while (TABLE[slot] != null) {
          slot = (slot + 1) & (SLOTS - 1);
        }
        TABLE[slot] = new Entry(text, event);
      }
    }
  }

  private final String[] names;

  KnownEvent(String... names) {
    this.names = names;
  }

  /** {@return the event with a name, or null where the importer does not know it} */
  static @Nullable KnownEvent of(byte[] text, int from, int to) {
    int slot = hash(text, from, to) & (SLOTS - 1);
    for (Entry entry = TABLE[slot]; entry != null; entry = TABLE[slot]) {
      if (Arrays.equals(entry.name, 0, entry.name.length, text, from, to)) {
        return entry.event;
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
