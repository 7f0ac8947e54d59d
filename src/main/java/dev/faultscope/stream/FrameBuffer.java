package dev.faultscope.stream;

import java.util.Arrays;

/**
 * Bytes of one binary frame being written, little-endian, starting with its header. Grows by need
 * up to {@link #MAX_BYTES}; the encoders ask {@link #room()} before they write on.
 */
final class FrameBuffer {
  /** Most bytes of a frame. */
  static final int MAX_BYTES = 262_144;

  /** Bytes of the header. */
  static final int HEADER_BYTES = 24;

  /** Most bytes of a varint of 32 bits. */
  static final int MAX_VARINT_BYTES = 5;

  private static final int MAGIC = 0x5346;
  private static final int VERSION = 2;

  private byte[] bytes = new byte[1024];
  private int size;

  FrameBuffer(FrameType type, int epoch, long seqFrom, long seqTo) {
    u16(MAGIC);
    u8(VERSION);
    u8(type.code());
    u32(epoch);
    u64(seqFrom);
    u64(seqTo);
  }

  int size() {
    return size;
  }

  int room() {
    return MAX_BYTES - size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void u16(int value) {
    reserve(2);
    bytes[size++] = (byte) value;
    bytes[size++] = (byte) (value >>> 8);
  }

  void u32(int value) {
    reserve(4);
    putU32(size, value);
    size += 4;
  }

  void u64(long value) {
    u32((int) value);
    u32((int) (value >>> 32));
  }

  void bytes(byte[] data) {
    reserve(data.length);
    System.arraycopy(data, 0, bytes, size, data.length);
    size += data.length;
  }

  /** Unsigned LEB128. */
  void varint(int value) {
    reserve(MAX_VARINT_BYTES);
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void putU16(int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >>> 8);
  }

  void putU32(int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >>> 8);
    bytes[at + 2] = (byte) (value >>> 16);
    bytes[at + 3] = (byte) (value >>> 24);
  }

  /** Forgets everything from an index on. */
  void truncate(int at) {
    size = at;
  }

  private void reserve(int more) {
    if (size + more > MAX_BYTES) {
      throw new IllegalStateException(
          "frame of " + (size + more) + " bytes exceeds " + MAX_BYTES + " bytes");
    }
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(MAX_BYTES, Math.max(size + more, bytes.length * 2)));
    }
  }
}
