package dev.faultscope.linux.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** include/uapi/linux/kvm.h and, for registers, arch/x86/include/uapi/asm/kvm.h. */
public final class KvmAbi {
  public static final int KVM_API_VERSION = 12;

  public static final long KVM_GET_API_VERSION = 0xae00;
  public static final long KVM_CREATE_VM = 0xae01;
  public static final long KVM_CHECK_EXTENSION = 0xae03;
  public static final long KVM_GET_VCPU_MMAP_SIZE = 0xae04;
  public static final long KVM_GET_SUPPORTED_CPUID = 0xc008ae05L;
  public static final long KVM_CREATE_VCPU = 0xae41;
  public static final long KVM_SET_USER_MEMORY_REGION = 0x4020ae46L;
  public static final long KVM_SET_TSS_ADDR = 0xae47;
  public static final long KVM_SET_USER_MEMORY_REGION2 = 0x40a0ae49L;
  public static final long KVM_RUN = 0xae80;
  public static final long KVM_GET_REGS = 0x8090ae81L;
  public static final long KVM_SET_REGS = 0x4090ae82L;
  public static final long KVM_GET_SREGS = 0x8138ae83L;
  public static final long KVM_SET_SREGS = 0x4138ae84L;
  public static final long KVM_TRANSLATE = 0xc018ae85L;
  public static final long KVM_GET_MSRS = 0xc008ae88L;
  public static final long KVM_SET_MSRS = 0x4008ae89L;
  public static final long KVM_SET_CPUID2 = 0x4008ae90L;
  public static final long KVM_CREATE_GUEST_MEMFD = 0xc040aed4L;

  public static final int KVM_CAP_USER_MEMORY2 = 231;
  public static final int KVM_CAP_GUEST_MEMFD = 234;
  public static final int KVM_CAP_GUEST_MEMFD_FLAGS = 244;

  public static final int KVM_MEM_GUEST_MEMFD = 4;
  public static final long GUEST_MEMFD_FLAG_MMAP = 1;
  public static final long GUEST_MEMFD_FLAG_INIT_SHARED = 2;

  public static final int KVM_EXIT_UNKNOWN = 0;
  public static final int KVM_EXIT_IO = 2;
  public static final int KVM_EXIT_HLT = 5;
  public static final int KVM_EXIT_MMIO = 6;
  public static final int KVM_EXIT_SHUTDOWN = 8;
  public static final int KVM_EXIT_FAIL_ENTRY = 9;
  public static final int KVM_EXIT_INTR = 10;
  public static final int KVM_EXIT_INTERNAL_ERROR = 17;
  public static final int KVM_EXIT_MEMORY_FAULT = 39;

  public static final int MSR_KVM_SYSTEM_TIME_NEW = 0x4b564d01;
  public static final int MSR_KVM_STEAL_TIME = 0x4b564d03;

  public static final StructLayout kvm_userspace_memory_region =
      struct(
          "kvm_userspace_memory_region",
          JAVA_INT.withName("slot"),
          JAVA_INT.withName("flags"),
          u64("guest_phys_addr"),
          u64("memory_size"),
          u64("userspace_addr"));

  public static final StructLayout kvm_userspace_memory_region2 =
      struct(
          "kvm_userspace_memory_region2",
          JAVA_INT.withName("slot"),
          JAVA_INT.withName("flags"),
          u64("guest_phys_addr"),
          u64("memory_size"),
          u64("userspace_addr"),
          u64("guest_memfd_offset"),
          JAVA_INT.withName("guest_memfd"),
          MemoryLayout.paddingLayout(4 + 14 * 8));

  public static final StructLayout kvm_create_guest_memfd =
      struct(
          "kvm_create_guest_memfd", u64("size"), u64("flags"), MemoryLayout.paddingLayout(6 * 8));

  public static final StructLayout kvm_regs =
      struct(
          "kvm_regs",
          u64("rax"),
          u64("rbx"),
          u64("rcx"),
          u64("rdx"),
          u64("rsi"),
          u64("rdi"),
          u64("rsp"),
          u64("rbp"),
          u64("r8"),
          u64("r9"),
          u64("r10"),
          u64("r11"),
          u64("r12"),
          u64("r13"),
          u64("r14"),
          u64("r15"),
          u64("rip"),
          u64("rflags"));

  public static final StructLayout kvm_segment =
      struct(
          "kvm_segment",
          u64("base"),
          JAVA_INT.withName("limit"),
          JAVA_SHORT.withName("selector"),
          JAVA_BYTE.withName("type"),
          JAVA_BYTE.withName("present"),
          JAVA_BYTE.withName("dpl"),
          JAVA_BYTE.withName("db"),
          JAVA_BYTE.withName("s"),
          JAVA_BYTE.withName("l"),
          JAVA_BYTE.withName("g"),
          JAVA_BYTE.withName("avl"),
          JAVA_BYTE.withName("unusable"),
          JAVA_BYTE.withName("padding"));

  public static final StructLayout kvm_dtable =
      struct(
          "kvm_dtable", u64("base"), JAVA_SHORT.withName("limit"), MemoryLayout.paddingLayout(6));

  public static final StructLayout kvm_sregs =
      struct(
          "kvm_sregs",
          kvm_segment.withName("cs"),
          kvm_segment.withName("ds"),
          kvm_segment.withName("es"),
          kvm_segment.withName("fs"),
          kvm_segment.withName("gs"),
          kvm_segment.withName("ss"),
          kvm_segment.withName("tr"),
          kvm_segment.withName("ldt"),
          kvm_dtable.withName("gdt"),
          kvm_dtable.withName("idt"),
          u64("cr0"),
          u64("cr2"),
          u64("cr3"),
          u64("cr4"),
          u64("cr8"),
          u64("efer"),
          u64("apic_base"),
          MemoryLayout.paddingLayout(4 * 8));

  public static final StructLayout kvm_translation =
      struct(
          "kvm_translation",
          u64("linear_address"),
          u64("physical_address"),
          JAVA_BYTE.withName("valid"),
          JAVA_BYTE.withName("writeable"),
          JAVA_BYTE.withName("usermode"),
          MemoryLayout.paddingLayout(5));

  public static final StructLayout kvm_msrs =
      struct("kvm_msrs", JAVA_INT.withName("nmsrs"), MemoryLayout.paddingLayout(4));

  public static final StructLayout kvm_msr_entry =
      struct(
          "kvm_msr_entry", JAVA_INT.withName("index"), JAVA_INT.withName("reserved"), u64("data"));

  /** Its beginning, as an MMIO exit fills it. */
  public static final StructLayout kvm_run =
      struct(
          "kvm_run",
          JAVA_BYTE.withName("request_interrupt_window"),
          JAVA_BYTE.withName("immediate_exit"),
          MemoryLayout.paddingLayout(6),
          JAVA_INT.withName("exit_reason"),
          MemoryLayout.paddingLayout(20),
          u64("mmio.phys_addr"),
          MemoryLayout.sequenceLayout(8, JAVA_BYTE).withName("mmio.data"),
          JAVA_INT.withName("mmio.len"),
          JAVA_BYTE.withName("mmio.is_write"),
          MemoryLayout.paddingLayout(3));

  /** The same bytes where the exit is a memory fault. */
  public static final StructLayout kvm_run_memory_fault =
      struct(
          "kvm_run",
          MemoryLayout.paddingLayout(32),
          u64("memory_fault.flags"),
          u64("memory_fault.gpa"),
          u64("memory_fault.size"));

  private KvmAbi() {}

  private static StructLayout struct(String name, MemoryLayout... elements) {
    return MemoryLayout.structLayout(elements).withName(name);
  }

  private static MemoryLayout u64(String name) {
    return JAVA_LONG.withName(name);
  }
}
