package dev.faultscope.linux;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.KvmAbi;

/** The kernel's virtual machine monitor, {@code /dev/kvm}. */
public final class Kvm implements AutoCloseable {
  private final Fd fd;

  private Kvm(Fd fd) {
    this.fd = fd;
  }

  /** Opens {@code /dev/kvm}. */
  public static Kvm open() throws LinuxException {
    Fd fd = Fd.open("/dev/kvm", FileAbi.O_RDWR);
    long version = fd.ioctl(KvmAbi.KVM_GET_API_VERSION, 0);
    if (version != KvmAbi.KVM_API_VERSION) {
      fd.close();
      throw new LinuxException("KVM_GET_API_VERSION", Errno.EINVAL, "version " + version);
    }
    return new Kvm(fd);
  }

  /** {@return what a capability says, 0 where there is none} */
  public int extension(int capability) {
    return (int) Math.max(0, fd.ioctl(KvmAbi.KVM_CHECK_EXTENSION, capability));
  }

  /** {@return the flags a guest_memfd may be made with, 0 where it takes none} */
  public int guestMemfdFlags() {
    return extension(KvmAbi.KVM_CAP_GUEST_MEMFD_FLAGS);
  }

  /** Makes an empty virtual machine of the default type. */
  public Vm createVm() throws LinuxException {
    Fd vm = Fd.adopt(LinuxException.check(fd.ioctl(KvmAbi.KVM_CREATE_VM, 0), "KVM_CREATE_VM", ""));
    return new Vm(this, vm);
  }

  Fd fd() {
    return fd;
  }

  @Override
  public void close() {
    fd.close();
  }
}
