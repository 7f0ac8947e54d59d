package dev.faultscope.timeline;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads a chunk's payload front to back and never past its end. */
final class ChunkReader {
  private final Path file;
  private final MemorySegment bytes;
  private final long end;
  private long position;

  /** A reader of {@code length} bytes of a file from {@code offset}. */
  ChunkReader(Path file, MemorySegment bytes, long offset, long length) {
    this.file = file;
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  boolean hasMore() {
    return position < end;
  }

  long position() {
    return position;
  }

  int u8() {
    return bytes.get(FileFormat.U8, take(1)) & 0xff;
  }

  int u16() {
    return bytes.get(FileFormat.U16, take(2)) & 0xffff;
  }

  int i32() {
    return bytes.get(FileFormat.I32, take(4));
  }

  long i64() {
    return bytes.get(FileFormat.I64, take(8));
  }

  /** {@return a count of things that need at least so many bytes each} */
  int count(int bytesEach) {
    int count = i32();
    if (count < 0 || (long) count * bytesEach > end - position) {
      throw damaged("a count of " + Integer.toUnsignedString(count) + " does not fit its chunk");
    }
    return count;
  }

  String text() {
    int length = count(1);
    byte[] text = bytes.asSlice(take(length), length).toArray(ValueLayout.JAVA_BYTE);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** {@return a reader of what follows, as many bytes as a count says; this one passes over it} */
  ChunkReader part() {
    int length = count(1);
    return new ChunkReader(file, bytes, take(length), length);
  }

  void longs(long[] into, int count) {
    MemorySegment.copy(bytes, FileFormat.I64, take(8L * count), into, 0, count);
  }

  void skip(long length) {
    take(length);
  }

  TimelineException damaged(String reason) {
    return new TimelineException(file, position, reason);
  }

  private long take(long length) {
    long at = position;
    if (length > end - at) {
      throw damaged("a chunk ends in the middle of a value");
    }
    position += length;
    return at;
  }
}
