package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Mapped memory that may be registered with a userfaultfd. Its bytes are reached through plain
 * native calls only, in which a thread may fall asleep; use it in a process whose sleep nobody
 * minds.
 *
 * <p>Close the userfaultfd first: a thread asleep in memory that is unmapped under it dies of a
 * segmentation fault.
 */
public final class GuestMemory implements AutoCloseable {
  private final long address;
  private final long length;
  private boolean closed;

  private GuestMemory(long address, long length) {
    this.address = address;
    this.length = length;
  }

  /**
   * Maps private anonymous memory, of 4-KiB pages whatever the machine's transparent huge page
   * setting.
   */
  public static GuestMemory anonymous(long length) throws LinuxException {
    GuestMemory memory =
        map(length, FileAbi.MAP_PRIVATE | FileAbi.MAP_ANONYMOUS | FileAbi.MAP_NORESERVE, null);
    memory.advise(0, length, Advice.NOHUGEPAGE);
    return memory;
  }

  /** Maps private anonymous memory of huge pages. */
  public static GuestMemory huge(long length) throws LinuxException {
    return map(length, FileAbi.MAP_PRIVATE | FileAbi.MAP_ANONYMOUS | FileAbi.MAP_HUGETLB, null);
  }

  /** Maps a memfd, a guest_memfd or another file, shared. */
  public static GuestMemory shared(Fd file, long length) throws LinuxException {
    return map(length, FileAbi.MAP_SHARED, file);
  }

  /** Maps a memfd or another file, with private copies on write. */
  public static GuestMemory copyOnWrite(Fd file, long length) throws LinuxException {
    return map(length, FileAbi.MAP_PRIVATE, file);
  }

  private static GuestMemory map(long length, int flags, @Nullable Fd file) throws LinuxException {
    return new GuestMemory(
        Mapping.map(
            length,
            FileAbi.PROT_READ | FileAbi.PROT_WRITE,
            flags,
            file == null ? -1 : file.number(),
            0),
        length);
  }

  /** {@return the address of its first byte} */
  public long address() {
    return address;
  }

  /** {@return its size in bytes} */
  public long length() {
    return length;
  }

  /** Reads 8 bytes as a guest would; the thread may sleep in a fault. */
  public long readLong(long offset) {
    check(offset, Long.BYTES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_LONG);
      Libc.memcpy(value.address(), address + offset, Long.BYTES);
      return value.get(JAVA_LONG, 0);
    }
  }

  /** Writes 8 bytes as a guest would; the thread may sleep in a fault. */
  public void writeLong(long offset, long value) {
    check(offset, Long.BYTES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(JAVA_LONG, value);
      Libc.memcpy(address + offset, from.address(), Long.BYTES);
    }
  }

  /** {@return whether a stretch equals a stretch of a mapping}; the thread may sleep in a fault. */
  public boolean equal(long offset, Mapping other, long otherOffset, long bytes) {
    check(offset, bytes);
    MemorySegment expected = other.bytes().asSlice(otherOffset, bytes);
    return Libc.equal(address + offset, expected.address(), bytes);
  }

  /**
   * Advises the kernel; with event features of a userfaultfd on, the thread sleeps until the event
   * is read.
   *
   * @return 0, or {@code -errno}
   */
  public int advise(long offset, long bytes, Advice advice) {
    check(offset, bytes);
    return (int) Libc.syscall(SyscallNumber.MADVISE, address + offset, bytes, advice.number);
  }

  /**
   * {@return the same pages at another address}; this object is then closed, without being
   * unmapped.
   */
  public GuestMemory move() throws LinuxException {
    // Room first, then the move onto it: the kernel may else grow or keep the mapping in place.
    long room = Mapping.map(length, 0, FileAbi.MAP_PRIVATE | FileAbi.MAP_ANONYMOUS, -1, 0);
    long moved =
        LinuxException.check(
            Libc.syscall(
                SyscallNumber.MREMAP,
                address,
                length,
                length,
                FileAbi.MREMAP_MAYMOVE | FileAbi.MREMAP_FIXED,
                room,
                0),
            "mremap",
            length + " bytes");
    closed = true;
    return new GuestMemory(moved, length);
  }

  private void check(long offset, long bytes) {
    if (closed) {
      throw new IllegalStateException(
          "guest memory at 0x" + Long.toHexString(address) + " is unmapped");
    }
    if (offset < 0 || bytes < 0 || offset > length - bytes) {
      throw new IndexOutOfBoundsException(
          bytes
              + " bytes at "
              + offset
              + " do not lie within the "
              + length
              + " bytes of guest memory");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.syscall(SyscallNumber.MUNMAP, address, length);
    }
  }

  /** What can be advised of memory. */
  public enum Advice {
    DONTNEED(FileAbi.MADV_DONTNEED),
    FREE(FileAbi.MADV_FREE),
    REMOVE(FileAbi.MADV_REMOVE),
    NOHUGEPAGE(FileAbi.MADV_NOHUGEPAGE),
    POPULATE_READ(FileAbi.MADV_POPULATE_READ),
    POPULATE_WRITE(FileAbi.MADV_POPULATE_WRITE);

    private final int number;

    Advice(int number) {
      this.number = number;
    }
  }
}
