package dev.faultscope.linux;

import dev.faultscope.linux.ffi.KvmAbi;

/** Memory made for one virtual machine, by KVM_CREATE_GUEST_MEMFD. */
public final class GuestMemfd implements AutoCloseable {
  /** Flag: this process may map it. */
  public static final long MMAP = KvmAbi.GUEST_MEMFD_FLAG_MMAP;

  /** Flag: its pages start shared, so that a mapping can be touched. */
  public static final long INIT_SHARED = KvmAbi.GUEST_MEMFD_FLAG_INIT_SHARED;

  private final Fd fd;
  private final long length;

  GuestMemfd(Fd fd, long length) {
    this.fd = fd;
    this.length = length;
  }

  /** {@return its descriptor} */
  public Fd fd() {
    return fd;
  }

  /** {@return its size in bytes} */
  public long length() {
    return length;
  }

  /**
   * {@return a view that Java code may use}; only one made with {@link #MMAP} and {@link
   * #INIT_SHARED} survives that.
   */
  public Mapping map() throws LinuxException {
    return Mapping.shared(fd, 0, length);
  }

  /** {@return a view to be registered with a userfaultfd, where the kernel can} */
  public GuestMemory mapAsGuest() throws LinuxException {
    return GuestMemory.shared(fd, length);
  }

  @Override
  public void close() {
    fd.close();
  }
}
