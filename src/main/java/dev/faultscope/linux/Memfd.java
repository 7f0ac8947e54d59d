package dev.faultscope.linux;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.lang.foreign.Arena;

/** A file that lives in memory and has no name in the file system. */
public final class Memfd implements AutoCloseable {
  private final Fd fd;
  private final long length;

  private Memfd(Fd fd, long length) {
    this.fd = fd;
    this.length = length;
  }

  /** Makes one of 4-KiB pages. */
  public static Memfd create(String name, long length) throws LinuxException {
    return create(name, length, 0);
  }

  /** Makes one of the machine's default huge pages; mapping it fails where none are reserved. */
  public static Memfd createHuge(String name, long length) throws LinuxException {
    return create(name, length, FileAbi.MFD_HUGETLB);
  }

  private static Memfd create(String name, long length, int flags) throws LinuxException {
    Fd fd;
    try (Arena arena = Arena.ofConfined()) {
      fd =
          Fd.adopt(
              LinuxException.check(
                  Libc.syscall(
                      SyscallNumber.MEMFD_CREATE,
                      arena.allocateFrom(name).address(),
                      flags | FileAbi.MFD_CLOEXEC),
                  "memfd_create",
                  name));
    }
    try {
      fd.truncate(length);
    } catch (LinuxException failure) {
      fd.close();
      throw failure;
    }
    return new Memfd(fd, length);
  }

  /** {@return its descriptor} */
  public Fd fd() {
    return fd;
  }

  /** {@return its size in bytes} */
  public long length() {
    return length;
  }

  /** {@return a view that Java code may use}; keep it unregistered. */
  public Mapping map() throws LinuxException {
    return Mapping.shared(fd, 0, length);
  }

  /** {@return a view to be registered with a userfaultfd} */
  public GuestMemory mapAsGuest() throws LinuxException {
    return GuestMemory.shared(fd, length);
  }

  @Override
  public void close() {
    fd.close();
  }
}
