package dev.faultscope.linux.remote;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.KvmAbi;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * System calls of a remote thread that are soon done. Where nothing else is said they return the
 * call's value or {@code -errno}.
 */
public final class RemoteCalls {
  private static final int READ_WRITE = FileAbi.PROT_READ | FileAbi.PROT_WRITE;

  private final RemoteThread thread;

  public RemoteCalls(RemoteThread thread) {
    this.thread = thread;
  }

  static long check(long value, String call, String detail) throws LinuxException {
    if (value < 0) {
      throw new LinuxException(call, (int) -value, detail);
    }
    return value;
  }

  /** Maps private anonymous memory at an address, in place of what is there. */
  public void mapAnonymous(long address, long bytes) throws LinuxException {
    int flags =
        FileAbi.MAP_PRIVATE | FileAbi.MAP_ANONYMOUS | FileAbi.MAP_NORESERVE | FileAbi.MAP_FIXED;
    check(mmap(address, bytes, READ_WRITE, flags, -1, 0), "mmap", bytes + " bytes");
    check(
        thread.call(SyscallNumber.MADVISE, address, bytes, FileAbi.MADV_NOHUGEPAGE),
        "madvise",
        "NOHUGEPAGE");
  }

  /** Maps a file at an address, in place of what is there; shared or private, perhaps read-only. */
  public long mapFile(
      long address, long bytes, int fd, long offset, boolean shared, boolean writable)
      throws LinuxException {
    return mmap(
        address,
        bytes,
        writable ? READ_WRITE : FileAbi.PROT_READ,
        (shared ? FileAbi.MAP_SHARED : FileAbi.MAP_PRIVATE)
            | (address == 0 ? 0 : FileAbi.MAP_FIXED),
        fd,
        offset);
  }

  private long mmap(long address, long bytes, int protection, int flags, int fd, long offset)
      throws LinuxException {
    return thread.call(SyscallNumber.MMAP, address, bytes, protection, flags, fd, offset);
  }

  /** Makes and maps every page of a range of a file. */
  public void populate(long address, long bytes) throws LinuxException {
    check(
        thread.call(SyscallNumber.MADVISE, address, bytes, FileAbi.MADV_POPULATE_WRITE),
        "madvise",
        "POPULATE_WRITE");
  }

  public long unmap(long address, long bytes) throws LinuxException {
    return thread.call(SyscallNumber.MUNMAP, address, bytes);
  }

  /** {@return a descriptor of a new file in memory, of huge pages if asked for} */
  public int memfd(String name, long bytes, boolean huge) throws LinuxException {
    putText(name);
    long fd =
        thread.call(
            SyscallNumber.MEMFD_CREATE,
            thread.scratch(),
            FileAbi.MFD_CLOEXEC | (huge ? FileAbi.MFD_HUGETLB : 0));
    check(fd, "memfd_create", name);
    check(thread.call(SyscallNumber.FTRUNCATE, fd, bytes), "ftruncate", bytes + " bytes");
    return (int) fd;
  }

  /** {@return a descriptor of a file, or {@code -errno}} */
  public long open(Path path, boolean writable) throws LinuxException {
    putText(path.toString());
    return thread.call(
        SyscallNumber.OPENAT,
        FileAbi.AT_FDCWD,
        thread.scratch(),
        (writable ? FileAbi.O_RDWR : FileAbi.O_RDONLY) | FileAbi.O_CLOEXEC);
  }

  private void putText(String text) {
    byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
    if (bytes.length > RemoteThread.SCRATCH_BYTES) {
      throw new IllegalArgumentException("a name of " + bytes.length + " bytes is too long");
    }
    thread.putScratch(0, bytes);
  }

  /** {@return a pipe's two descriptors, to read and to write} */
  public int[] pipe() throws LinuxException {
    check(
        thread.call(SyscallNumber.PIPE2, thread.scratch(), FileAbi.O_CLOEXEC | FileAbi.O_NONBLOCK),
        "pipe2",
        "");
    long both = thread.getScratch(0);
    return new int[] {(int) both, (int) (both >>> 32)};
  }

  public long close(int fd) throws LinuxException {
    return thread.call(SyscallNumber.CLOSE, fd);
  }

  /** Closes every descriptor from a number on. */
  public void closeFrom(int first) throws LinuxException {
    check(
        thread.call(SyscallNumber.CLOSE_RANGE, first, 0xffff_ffffL, 0), "close_range", "" + first);
  }

  public long fallocate(int fd, int mode, long offset, long bytes) throws LinuxException {
    return thread.call(SyscallNumber.FALLOCATE, fd, mode, offset, bytes);
  }

  public long truncate(int fd, long bytes) throws LinuxException {
    return thread.call(SyscallNumber.FTRUNCATE, fd, bytes);
  }

  public long read(int fd, long address, long bytes) throws LinuxException {
    return thread.call(SyscallNumber.READ, fd, address, bytes);
  }

  /** {@return the next byte of a descriptor, or {@code -errno}} */
  public int readByte(int fd) throws LinuxException {
    long read = thread.call(SyscallNumber.READ, fd, thread.scratch(), 1);
    return read == 1 ? (int) thread.getScratch(0) & 0xff : (int) Math.min(read, -1);
  }

  public long write(int fd, long address, long bytes) throws LinuxException {
    return thread.call(SyscallNumber.WRITE, fd, address, bytes);
  }

  public long readAt(int fd, long address, long bytes, long offset) throws LinuxException {
    return thread.call(SyscallNumber.PREAD64, fd, address, bytes, offset);
  }

  public long writeAt(int fd, long address, long bytes, long offset) throws LinuxException {
    return thread.call(SyscallNumber.PWRITE64, fd, address, bytes, offset);
  }

  /** {@return a virtual machine's descriptor, made by {@code /dev/kvm}} */
  public int createVm() throws LinuxException {
    int kvm = (int) check(open(Path.of("/dev/kvm"), true), "open", "/dev/kvm");
    return (int)
        check(thread.call(SyscallNumber.IOCTL, kvm, KvmAbi.KVM_CREATE_VM, 0), "KVM_CREATE_VM", "");
  }

  /** {@return a guest_memfd's descriptor, or {@code -errno}} */
  public long createGuestMemfd(int vm, long bytes, long flags) throws LinuxException {
    thread.putScratch(0, bytes, flags, 0, 0, 0, 0, 0, 0);
    return thread.call(SyscallNumber.IOCTL, vm, KvmAbi.KVM_CREATE_GUEST_MEMFD, thread.scratch());
  }

  /** Writes bytes of ours. */
  public long writeAt(int fd, byte[] bytes, long offset) throws LinuxException {
    thread.putScratch(0, bytes);
    return writeAt(fd, thread.scratch(), bytes.length, offset);
  }

  // Calls that may fall asleep: they are begun here and end when they end.

  /** Begins madvise(2). */
  public void beginAdvise(long address, long bytes, RemoteAdvice advice) {
    thread.beginCall(SyscallNumber.MADVISE, address, bytes, advice.number());
  }

  /** Begins mprotect(2). */
  public void beginProtect(long address, long bytes, boolean writable) {
    thread.beginCall(
        SyscallNumber.MPROTECT, address, bytes, writable ? READ_WRITE : FileAbi.PROT_READ);
  }

  /** Begins munmap(2). */
  public void beginUnmap(long address, long bytes) {
    thread.beginCall(SyscallNumber.MUNMAP, address, bytes);
  }

  /** Begins mremap(2) to another address. */
  public void beginMove(long address, long bytes, long to) {
    thread.beginCall(
        SyscallNumber.MREMAP,
        address,
        bytes,
        bytes,
        FileAbi.MREMAP_MAYMOVE | FileAbi.MREMAP_FIXED,
        to);
  }

  /** Begins write(2) from an address. */
  public void beginWrite(int fd, long address, long bytes) {
    thread.beginCall(SyscallNumber.WRITE, fd, address, bytes);
  }

  /** Begins pread(2) to an address. */
  public void beginReadAt(int fd, long address, long bytes, long offset) {
    thread.beginCall(SyscallNumber.PREAD64, fd, address, bytes, offset);
  }
}
