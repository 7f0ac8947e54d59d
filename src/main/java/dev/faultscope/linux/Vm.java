package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.ffi.KvmAbi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A virtual machine: memory slots and vCPUs. */
public final class Vm implements AutoCloseable {
  private final Kvm kvm;
  private final Fd fd;

  Vm(Kvm kvm, Fd fd) {
    this.kvm = kvm;
    this.fd = fd;
  }

  /** Puts memory at a guest physical address; 0 bytes take the slot away. */
  public void setSlot(int slot, long guestAddress, long bytes, long hostAddress)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment region = arena.allocate(KvmAbi.kvm_userspace_memory_region);
      fill(region, slot, 0, guestAddress, bytes, hostAddress);
      LinuxException.check(
          fd.ioctl(KvmAbi.KVM_SET_USER_MEMORY_REGION, region),
          "KVM_SET_USER_MEMORY_REGION",
          slotText(slot, guestAddress, bytes));
    }
  }

  /**
   * Puts a guest_memfd at a guest physical address; KVM reaches it itself through {@code
   * hostAddress}.
   */
  public void setSlot(
      int slot, long guestAddress, long bytes, long hostAddress, GuestMemfd memory, long offset)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment region = arena.allocate(KvmAbi.kvm_userspace_memory_region2);
      fill(region, slot, KvmAbi.KVM_MEM_GUEST_MEMFD, guestAddress, bytes, hostAddress);
      region.set(JAVA_LONG, 32, offset);
      region.set(JAVA_INT, 40, memory.fd().number());
      LinuxException.check(
          fd.ioctl(KvmAbi.KVM_SET_USER_MEMORY_REGION2, region),
          "KVM_SET_USER_MEMORY_REGION2",
          slotText(slot, guestAddress, bytes));
    }
  }

  private static void fill(
      MemorySegment region, int slot, int flags, long guestAddress, long bytes, long hostAddress) {
    region.set(JAVA_INT, 0, slot);
    region.set(JAVA_INT, 4, flags);
    region.set(JAVA_LONG, 8, guestAddress);
    region.set(JAVA_LONG, 16, bytes);
    region.set(JAVA_LONG, 24, hostAddress);
  }

  private static String slotText(int slot, long guestAddress, long bytes) {
    return "slot " + slot + ", " + bytes + " bytes at 0x" + Long.toHexString(guestAddress);
  }

  /** Makes memory that only the guest, and where its flags say so this process, can map. */
  public GuestMemfd createGuestMemfd(long bytes, long flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(KvmAbi.kvm_create_guest_memfd);
      argument.set(JAVA_LONG, 0, bytes);
      argument.set(JAVA_LONG, 8, flags);
      long memory =
          LinuxException.check(
              fd.ioctl(KvmAbi.KVM_CREATE_GUEST_MEMFD, argument),
              "KVM_CREATE_GUEST_MEMFD",
              bytes + " bytes, flags " + flags);
      return new GuestMemfd(Fd.adopt(memory), bytes);
    }
  }

  /** Makes a vCPU in its reset state. */
  public Vcpu createVcpu(int number) throws LinuxException {
    long size =
        LinuxException.check(
            kvm.fd().ioctl(KvmAbi.KVM_GET_VCPU_MMAP_SIZE, 0), "KVM_GET_VCPU_MMAP_SIZE", "");
    Fd vcpu =
        Fd.adopt(
            LinuxException.check(
                fd.ioctl(KvmAbi.KVM_CREATE_VCPU, number), "KVM_CREATE_VCPU", "vCPU " + number));
    try {
      return new Vcpu(vcpu, Mapping.shared(vcpu, 0, size));
    } catch (LinuxException failure) {
      vcpu.close();
      throw failure;
    }
  }

  /** Shows a vCPU every CPU feature that this KVM supports. */
  public void showAllFeatures(Vcpu vcpu) throws LinuxException {
    int most = 256;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cpuid = arena.allocate(8 + 40L * most, 8);
      cpuid.set(JAVA_INT, 0, most);
      LinuxException.check(
          kvm.fd().ioctl(KvmAbi.KVM_GET_SUPPORTED_CPUID, cpuid), "KVM_GET_SUPPORTED_CPUID", "");
      LinuxException.check(vcpu.fd().ioctl(KvmAbi.KVM_SET_CPUID2, cpuid), "KVM_SET_CPUID2", "");
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
