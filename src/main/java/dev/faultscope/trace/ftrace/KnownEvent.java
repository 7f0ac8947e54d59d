package dev.faultscope.trace.ftrace;

import java.nio.charset.StandardCharsets;

/** The trace events the importer understands, by their names without the {@code system:} part. */
enum KnownEvent {
  PAGE_FAULT_USER("page_fault_user"),
  PAGE_FAULT_KERNEL("page_fault_kernel"),
  KVM_PAGE_FAULT("kvm_page_fault"),
  KVM_EXIT("kvm_exit"),
  KVM_ENTRY("kvm_entry"),
  KVM_USERSPACE_EXIT("kvm_userspace_exit"),
  KVM_MMIO("kvm_mmio"),
  /** Shadow paging: KVM walks the guest's tables before it maps a page. */
  PAGE_TABLE_WALK("kvm_mmu_pagetable_walk"),
  /** Shadow paging: KVM maps a guest frame. */
  SPTE_REQUESTED("kvm_mmu_spte_requested"),
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
  SYS_EXIT_FALLOCATE("sys_exit_fallocate");

  private static final int SLOTS = 256;
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
