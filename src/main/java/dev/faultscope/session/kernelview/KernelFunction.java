package dev.faultscope.session.kernelview;

import org.jspecify.annotations.Nullable;

/**
 * The kernel's functions that a path may go through, by their names in Linux 6.18 on x86-64 (or in
 * the series that brings them), and the files they stand in.
 */
enum KernelFunction {
  // Entry
  DO_SYSCALL_64("arch/x86/entry/syscall_64.c"),
  EXC_PAGE_FAULT("arch/x86/mm/fault.c"),
  DO_USER_ADDR_FAULT("arch/x86/mm/fault.c"),
  BAD_AREA_NOSEMAPHORE("arch/x86/mm/fault.c"),
  COPY_FROM_USER("include/linux/uaccess.h"),
  COPY_TO_USER("include/linux/uaccess.h"),
  // The fault
  HANDLE_MM_FAULT("mm/memory.c"),
  HANDLE_PTE_FAULT("mm/memory.c"),
  DO_PTE_MISSING("mm/memory.c"),
  DO_ANONYMOUS_PAGE("mm/memory.c"),
  DO_FAULT("mm/memory.c"),
  DO_READ_FAULT("mm/memory.c"),
  DO_COW_FAULT("mm/memory.c"),
  DO_SHARED_FAULT("mm/memory.c"),
  DO_FAULT_AROUND("mm/memory.c"),
  __DO_FAULT("mm/memory.c"),
  __DO_USERFAULT("mm/memory.c", KernelVersion.SERIES_2026),
  FINISH_FAULT("mm/memory.c"),
  DO_WP_PAGE("mm/memory.c"),
  WP_PAGE_COPY("mm/memory.c"),
  DO_SWAP_PAGE("mm/memory.c"),
  HANDLE_PTE_MARKER("mm/memory.c"),
  SHMEM_FAULT("mm/shmem.c"),
  SHMEM_GET_FOLIO_GFP("mm/shmem.c"),
  HUGETLB_FAULT("mm/hugetlb.c"),
  HUGETLB_NO_PAGE("mm/hugetlb.c"),
  HUGETLB_WP("mm/hugetlb.c"),
  FILEMAP_FAULT("mm/filemap.c"),
  KVM_GMEM_FAULT("virt/kvm/guest_memfd.c", KernelVersion.V2),
  KVM_GMEM_FAULT_USER_MAPPING("virt/kvm/guest_memfd.c"),
  HANDLE_USERFAULT("fs/userfaultfd.c"),
  SCHEDULE("kernel/sched/core.c"),
  // The userfaultfd's calls
  USERFAULTFD_IOCTL("fs/userfaultfd.c"),
  USERFAULTFD_API("fs/userfaultfd.c"),
  USERFAULTFD_REGISTER("fs/userfaultfd.c"),
  USERFAULTFD_UNREGISTER("fs/userfaultfd.c"),
  USERFAULTFD_WAKE("fs/userfaultfd.c"),
  USERFAULTFD_COPY("fs/userfaultfd.c"),
  USERFAULTFD_ZEROPAGE("fs/userfaultfd.c"),
  USERFAULTFD_MOVE("fs/userfaultfd.c"),
  USERFAULTFD_WRITEPROTECT("fs/userfaultfd.c"),
  USERFAULTFD_CONTINUE("fs/userfaultfd.c"),
  USERFAULTFD_POISON("fs/userfaultfd.c"),
  USERFAULTFD_READ_ITER("fs/userfaultfd.c"),
  USERFAULTFD_CTX_READ("fs/userfaultfd.c"),
  USERFAULTFD_RELEASE("fs/userfaultfd.c"),
  USERFAULTFD_EVENT_WAIT_COMPLETION("fs/userfaultfd.c"),
  USERFAULTFD_REMOVE("fs/userfaultfd.c"),
  USERFAULTFD_UNMAP_PREP("fs/userfaultfd.c"),
  USERFAULTFD_UNMAP_COMPLETE("fs/userfaultfd.c"),
  DUP_USERFAULTFD("fs/userfaultfd.c"),
  MREMAP_USERFAULTFD_COMPLETE("fs/userfaultfd.c"),
  WAKE_USERFAULT("fs/userfaultfd.c"),
  USERFAULTFD_WAKE_FUNCTION("fs/userfaultfd.c"),
  VMA_CAN_USERFAULT("include/linux/userfaultfd_k.h"),
  USERFAULTFD_REGISTER_RANGE("mm/userfaultfd.c"),
  USERFAULTFD_CLEAR_VMA("mm/userfaultfd.c"),
  MFILL_ATOMIC("mm/userfaultfd.c"),
  MFILL_ATOMIC_HUGETLB("mm/userfaultfd.c"),
  HUGETLB_MFILL_ATOMIC_PTE("mm/hugetlb.c"),
  MFILL_ATOMIC_PTE_COPY("mm/userfaultfd.c"),
  MFILL_ATOMIC_PTE_ZEROPAGE("mm/userfaultfd.c"),
  MFILL_ATOMIC_PTE_CONTINUE("mm/userfaultfd.c"),
  MFILL_ATOMIC_PTE_POISON("mm/userfaultfd.c"),
  SHMEM_MFILL_ATOMIC_PTE("mm/shmem.c"),
  MFILL_ATOMIC_INSTALL_PTE("mm/userfaultfd.c"),
  MWRITEPROTECT_RANGE("mm/userfaultfd.c"),
  UFFD_WP_RANGE("mm/userfaultfd.c"),
  MOVE_PAGES("mm/userfaultfd.c"),
  MOVE_PAGES_PTES("mm/userfaultfd.c"),
  // KVM
  KVM_VCPU_IOCTL("virt/kvm/kvm_main.c"),
  KVM_ARCH_VCPU_IOCTL_RUN("arch/x86/kvm/x86.c"),
  VCPU_ENTER_GUEST("arch/x86/kvm/x86.c"),
  KVM_MMU_PAGE_FAULT("arch/x86/kvm/mmu/mmu.c"),
  KVM_MMU_DO_PAGE_FAULT("arch/x86/kvm/mmu/mmu_internal.h"),
  KVM_TDP_PAGE_FAULT("arch/x86/kvm/mmu/mmu.c"),
  KVM_MMU_FAULTIN_PFN("arch/x86/kvm/mmu/mmu.c"),
  __KVM_MMU_FAULTIN_PFN("arch/x86/kvm/mmu/mmu.c"),
  KVM_DO_USERFAULT("virt/kvm/kvm_main.c", KernelVersion.KVM_USERFAULT),
  KVM_MMU_PREPARE_MEMORY_FAULT_EXIT("arch/x86/kvm/mmu/mmu.c"),
  KVM_PREPARE_MEMORY_FAULT_EXIT("include/linux/kvm_host.h"),
  KVM_MMU_FAULTIN_PFN_GMEM("arch/x86/kvm/mmu/mmu.c"),
  KVM_GMEM_GET_PFN("virt/kvm/guest_memfd.c"),
  KVM_HANDLE_NOSLOT_FAULT("arch/x86/kvm/mmu/mmu.c"),
  __KVM_FAULTIN_PFN("virt/kvm/kvm_main.c"),
  HVA_TO_PFN("virt/kvm/kvm_main.c"),
  GET_USER_PAGES_UNLOCKED("mm/gup.c"),
  FAULTIN_PAGE("mm/gup.c"),
  KVM_TDP_MMU_MAP("arch/x86/kvm/mmu/tdp_mmu.c"),
  __KVM_WRITE_GUEST_PAGE("virt/kvm/kvm_main.c"),
  __KVM_READ_GUEST_PAGE("virt/kvm/kvm_main.c"),
  KVM_HANDLE_HVA_RANGE("virt/kvm/kvm_main.c"),
  PAGING64_GVA_TO_GPA("arch/x86/kvm/mmu/paging_tmpl.h"),
  KVM_VM_IOCTL_SET_MEM_ATTRIBUTES("virt/kvm/kvm_main.c"),
  // write(2)
  KSYS_WRITE("fs/read_write.c"),
  VFS_WRITE("fs/read_write.c"),
  SHMEM_FILE_WRITE_ITER("mm/shmem.c"),
  GENERIC_FILE_WRITE_ITER("mm/filemap.c"),
  GENERIC_PERFORM_WRITE("mm/filemap.c"),
  SHMEM_WRITE_BEGIN("mm/shmem.c"),
  // Pages go
  VFS_FALLOCATE("fs/open.c"),
  SHMEM_FALLOCATE("mm/shmem.c"),
  HUGETLBFS_FALLOCATE("fs/hugetlbfs/inode.c"),
  KVM_GMEM_FALLOCATE("virt/kvm/guest_memfd.c"),
  KVM_GMEM_PUNCH_HOLE("virt/kvm/guest_memfd.c"),
  UNMAP_MAPPING_RANGE("mm/memory.c"),
  SHMEM_UNDO_RANGE("mm/shmem.c"),
  TRUNCATE_INODE_PAGES_RANGE("mm/truncate.c"),
  DO_MADVISE("mm/madvise.c"),
  MADVISE_DONTNEED_FREE("mm/madvise.c"),
  MADVISE_REMOVE("mm/madvise.c"),
  ZAP_PAGE_RANGE_SINGLE_BATCHED("mm/memory.c"),
  MADVISE_FREE_SINGLE_VMA("mm/madvise.c"),
  DO_VMI_MUNMAP("mm/vma.c"),
  UNMAP_REGION("mm/vma.c"),
  DUP_MMAP("mm/mmap.c"),
  MOVE_VMA("mm/mremap.c"),
  MMAP_REGION("mm/vma.c"),
  SIGNAL_WAKE_UP_STATE("kernel/signal.c"),
  DO_EXIT("kernel/exit.c"),
  TRY_TO_WAKE_UP("kernel/sched/core.c"),
  __SCHEDULE("kernel/sched/core.c");

  private final String file;
  private final @Nullable KernelVersion series;

  KernelFunction(String file) {
    this(file, null);
  }

  KernelFunction(String file, @Nullable KernelVersion series) {
    this.file = file;
    this.series = series;
  }

  /** {@return its name in the kernel} */
  String functionName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** {@return its file in the kernel's source} */
  String file() {
    return file;
  }

  /** {@return what brings it where 6.18 does not have it; null otherwise} */
  @Nullable KernelVersion series() {
    return series;
  }
}
