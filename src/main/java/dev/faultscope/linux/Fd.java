package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor and the duty to close it, once. */
public final class Fd implements AutoCloseable {
  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Fd(int number) {
    this.number = number;
  }

  /** Takes over a descriptor that somebody opened. */
  static Fd adopt(long number) {
    return new Fd(Math.toIntExact(number));
  }

  /** Opens a file for reading. */
  public static Fd openRead(Path path) throws LinuxException {
    return open(path.toString(), FileAbi.O_RDONLY);
  }

  /** Opens a file for reading and writing. */
  public static Fd openReadWrite(Path path) throws LinuxException {
    return open(path.toString(), FileAbi.O_RDWR);
  }

  /** Opens a file for reads that do not wait. */
  static Fd openNonBlocking(Path path) throws LinuxException {
    return open(path.toString(), FileAbi.O_RDONLY | FileAbi.O_NONBLOCK);
  }

  static Fd open(String path, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long fd =
          Libc.syscall(
              SyscallNumber.OPENAT,
              FileAbi.AT_FDCWD,
              arena.allocateFrom(path).address(),
              flags | FileAbi.O_CLOEXEC);
      return new Fd((int) LinuxException.check(fd, "open", path));
    }
  }

  /**
   * {@return its number}
   *
   * @throws IllegalStateException if it was closed: by then the number may be somebody else's
   */
  public int number() {
    if (closed.get()) {
      throw new IllegalStateException("file descriptor " + number + " is closed");
    }
    return number;
  }

  /** {@return whether it was closed} */
  public boolean isClosed() {
    return closed.get();
  }

  /**
   * {@return whether reads return at once; a blocking userfaultfd answers every poll with POLLERR}
   */
  public boolean isNonBlocking() throws LinuxException {
    long flags = Libc.syscall(SyscallNumber.FCNTL, number(), FileAbi.F_GETFL);
    return (LinuxException.check(flags, "fcntl", "F_GETFL") & FileAbi.O_NONBLOCK) != 0;
  }

  /** {@return another descriptor of the same open file} */
  public Fd duplicate() throws LinuxException {
    return new Fd(
        (int) LinuxException.check(Libc.syscall(SyscallNumber.DUP, number()), "dup", "" + number));
  }

  /** Sets the file's size. */
  public void truncate(long bytes) throws LinuxException {
    LinuxException.check(
        Libc.syscall(SyscallNumber.FTRUNCATE, number(), bytes), "ftruncate", bytes + " bytes");
  }

  /** Takes pages out of the file; they read as zero afterwards. */
  public void punchHole(long offset, long bytes) throws LinuxException {
    LinuxException.check(
        Libc.syscall(
            SyscallNumber.FALLOCATE,
            number(),
            FileAbi.FALLOC_FL_PUNCH_HOLE | FileAbi.FALLOC_FL_KEEP_SIZE,
            offset,
            bytes),
        "fallocate(PUNCH_HOLE)",
        bytes + " bytes at " + offset);
  }

  /** {@return bytes read into a buffer, or {@code -errno}} */
  long read(MemorySegment into) {
    return Libc.syscall(SyscallNumber.READ, number(), into.address(), into.byteSize());
  }

  /**
   * {@return bytes read into a buffer without sleeping, or {@code -errno}}; whether the file was
   * opened with O_NONBLOCK or not
   */
  long readNoWait(MemorySegment into) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment vector = arena.allocate(FileAbi.iovec);
      vector.set(JAVA_LONG, 0, into.address());
      vector.set(JAVA_LONG, 8, into.byteSize());
      return Libc.syscall(
          SyscallNumber.PREADV2, number(), vector.address(), 1, -1, -1, FileAbi.RWF_NOWAIT);
    }
  }

  /** {@return bytes written from a buffer, or {@code -errno}} */
  long write(MemorySegment from) {
    return Libc.syscall(SyscallNumber.WRITE, number(), from.address(), from.byteSize());
  }

  /** {@return what an ioctl with a plain argument answers, or {@code -errno}} */
  long ioctl(long request, long argument) {
    return Libc.syscall(SyscallNumber.IOCTL, number(), request, argument);
  }

  /** {@return what an ioctl with a structure answers, or {@code -errno}} */
  long ioctl(long request, MemorySegment argument) {
    return ioctl(request, argument.address());
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Libc.syscall(SyscallNumber.CLOSE, number);
    }
  }

  @Override
  public String toString() {
    return "fd " + number + (closed.get() ? " (closed)" : "");
  }
}
