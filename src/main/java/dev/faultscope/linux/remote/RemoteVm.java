package dev.faultscope.linux.remote;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.ffi.KvmAbi;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.nio.file.Path;

/** A virtual machine of a remote process, set up by one of its threads. */
public final class RemoteVm {
  private final RemoteThread thread;
  private final int kvm;
  private final int vm;

  private RemoteVm(RemoteThread thread, int kvm, int vm) {
    this.thread = thread;
    this.kvm = kvm;
    this.vm = vm;
  }

  /** Makes an empty one. */
  public static RemoteVm create(RemoteThread thread) throws LinuxException {
    long kvm = new RemoteCalls(thread).open(Path.of("/dev/kvm"), true);
    RemoteCalls.check(kvm, "open", "/dev/kvm");
    long vm = thread.call(SyscallNumber.IOCTL, kvm, KvmAbi.KVM_CREATE_VM, 0);
    RemoteCalls.check(vm, "KVM_CREATE_VM", "");
    return new RemoteVm(thread, (int) kvm, (int) vm);
  }

  /** {@return its descriptor over there} */
  public int fd() {
    return vm;
  }

  /** Puts memory of the process at a guest physical address. */
  public void setSlot(int slot, long guestAddress, long bytes, long address) throws LinuxException {
    thread.putScratch(0, slot, guestAddress, bytes, address);
    RemoteCalls.check(
        thread.call(SyscallNumber.IOCTL, vm, KvmAbi.KVM_SET_USER_MEMORY_REGION, thread.scratch()),
        "KVM_SET_USER_MEMORY_REGION",
        "slot " + slot);
  }

  /** Puts a guest_memfd at a guest physical address; KVM itself reaches it through a mapping. */
  public void setSlot(int slot, long guestAddress, long bytes, long address, int guestMemfd)
      throws LinuxException {
    long[] region = new long[20];
    region[0] = slot | (long) KvmAbi.KVM_MEM_GUEST_MEMFD << 32;
    region[1] = guestAddress;
    region[2] = bytes;
    region[3] = address;
    region[5] = guestMemfd;
    thread.putScratch(0, region);
    RemoteCalls.check(
        thread.call(SyscallNumber.IOCTL, vm, KvmAbi.KVM_SET_USER_MEMORY_REGION2, thread.scratch()),
        "KVM_SET_USER_MEMORY_REGION2",
        "slot " + slot);
  }

  /**
   * Makes a vCPU that shows the guest every feature this KVM supports.
   *
   * @param runner the thread that will run it
   * @param room address of 16 KiB over there that may be written
   */
  public RemoteVcpu createVcpu(int number, RemoteThread runner, long room) throws LinuxException {
    long size = thread.call(SyscallNumber.IOCTL, kvm, KvmAbi.KVM_GET_VCPU_MMAP_SIZE, 0);
    RemoteCalls.check(size, "KVM_GET_VCPU_MMAP_SIZE", "");
    long vcpu = thread.call(SyscallNumber.IOCTL, vm, KvmAbi.KVM_CREATE_VCPU, number);
    RemoteCalls.check(vcpu, "KVM_CREATE_VCPU", "vCPU " + number);
    long run = new RemoteCalls(thread).mapFile(0, size, (int) vcpu, 0, true, true);
    RemoteCalls.check(run, "mmap", "kvm_run of vCPU " + number);
    RemoteCalls.check(
        thread.call(SyscallNumber.IOCTL, kvm, KvmAbi.KVM_GET_SUPPORTED_CPUID, room),
        "KVM_GET_SUPPORTED_CPUID",
        "");
    RemoteCalls.check(
        thread.call(SyscallNumber.IOCTL, vcpu, KvmAbi.KVM_SET_CPUID2, room), "KVM_SET_CPUID2", "");
    return new RemoteVcpu(runner, (int) vcpu, run);
  }
}
