package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Mapped memory that is registered with no userfaultfd: Java code may read and write it.
 *
 * <p>Of memory that is registered elsewhere this may be another view (an alias), which is how such
 * memory is filled.
 */
public final class Mapping implements AutoCloseable {
  private static final VarHandle INT = JAVA_INT.varHandle();

  private final Arena arena = Arena.ofShared();
  private final MemorySegment bytes;

  private Mapping(long address, long length) {
    bytes = Libc.view(address, length, arena, Mapping::unmap);
  }

  /** Maps zeroed memory of this process's own. */
  public static Mapping anonymous(long length) throws LinuxException {
    return new Mapping(
        map(
            length,
            FileAbi.PROT_READ | FileAbi.PROT_WRITE,
            FileAbi.MAP_PRIVATE | FileAbi.MAP_ANONYMOUS | FileAbi.MAP_NORESERVE,
            -1,
            0),
        length);
  }

  /** Maps a file, or a part of it, shared and writable. */
  public static Mapping shared(Fd file, long offset, long length) throws LinuxException {
    return new Mapping(
        map(
            length,
            FileAbi.PROT_READ | FileAbi.PROT_WRITE,
            FileAbi.MAP_SHARED,
            file.number(),
            offset),
        length);
  }

  /** Maps a file, or a part of it, for reading. */
  public static Mapping readOnly(Fd file, long offset, long length) throws LinuxException {
    return new Mapping(
        map(length, FileAbi.PROT_READ, FileAbi.MAP_PRIVATE, file.number(), offset), length);
  }

  static long map(long length, int protection, int flags, int fd, long offset)
      throws LinuxException {
    return LinuxException.check(
        Libc.syscall(SyscallNumber.MMAP, 0, length, protection, flags, fd, offset),
        "mmap",
        length + " bytes");
  }

  private static void unmap(MemorySegment bytes) {
    Libc.syscall(SyscallNumber.MUNMAP, bytes.address(), bytes.byteSize());
  }

  /** {@return the address of its first byte} */
  public long address() {
    return bytes.address();
  }

  /** {@return its size in bytes} */
  public long length() {
    return bytes.byteSize();
  }

  /** {@return the 8 bytes at an offset, little-endian} */
  public long getLong(long offset) {
    return bytes.get(JAVA_LONG_UNALIGNED, offset);
  }

  /** Puts 8 bytes at an offset, little-endian. */
  public void putLong(long offset, long value) {
    bytes.set(JAVA_LONG_UNALIGNED, offset, value);
  }

  /** {@return the 4 bytes at an offset, little-endian} */
  public int getInt(long offset) {
    return bytes.get(JAVA_INT_UNALIGNED, offset);
  }

  /** Puts 4 bytes at an offset, little-endian. */
  public void putInt(long offset, int value) {
    bytes.set(JAVA_INT_UNALIGNED, offset, value);
  }

  /** {@return the 4 bytes at an aligned offset, with all that was written before them} */
  public int getIntAcquire(long offset) {
    return (int) INT.getAcquire(bytes, offset);
  }

  /** Puts 4 bytes at an aligned offset, after all that was written before. */
  public void putIntRelease(long offset, int value) {
    INT.setRelease(bytes, offset, value);
  }

  /** {@return the byte at an offset, unsigned} */
  public int getByte(long offset) {
    return Byte.toUnsignedInt(bytes.get(JAVA_BYTE, offset));
  }

  /** Puts bytes at an offset. */
  public void put(long offset, byte[] values) {
    MemorySegment.copy(values, 0, bytes, JAVA_BYTE, offset, values.length);
  }

  /** {@return bytes from an offset} */
  public byte[] get(long offset, int count) {
    return bytes.asSlice(offset, count).toArray(JAVA_BYTE);
  }

  /** Fills a stretch with one value. */
  public void fill(long offset, long count, byte value) {
    bytes.asSlice(offset, count).fill(value);
  }

  /** {@return whether a stretch consists of zero bytes} */
  public boolean isZero(long offset, int count) {
    for (long at = offset; at < offset + count; at += Long.BYTES) {
      if (getLong(at) != 0) {
        return false;
      }
    }
    return true;
  }

  /** {@return the memory itself, for this package's structures} */
  MemorySegment bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (bytes.scope().isAlive()) {
      arena.close();
    }
  }
}
