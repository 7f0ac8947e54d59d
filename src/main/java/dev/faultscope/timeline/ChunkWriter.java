package dev.faultscope.timeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Writes chunks one after the other. A chunk's header is written last, so that a chunk either is
 * whole or does not exist.
 */
final class ChunkWriter {
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(256 * 1024).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C checksum = new CRC32C();
  private long end;
  private long position;
  private int type;
  private long first;
  private long last;

  ChunkWriter(FileChannel channel) {
    this.channel = channel;
    buffer
        .putLong(FileFormat.MAGIC)
        .putShort((short) FileFormat.VERSION)
        .putShort((short) FileFormat.FILE_HEADER_BYTES)
        .putInt(0);
    flush();
    end = position;
  }

  /** {@return the end of the last whole chunk} */
  long end() {
    return end;
  }

  /** Starts a chunk about the events {@code first} to {@code last}. */
  void begin(int chunkType, long firstSequence, long lastSequence) {
    type = chunkType;
    first = firstSequence;
    last = lastSequence;
    position = end + FileFormat.CHUNK_HEADER_BYTES;
    checksum.reset();
    buffer.clear();
  }

  /** {@return the file offset of the next byte} */
  long position() {
    return position + buffer.position();
  }

  ChunkWriter u8(int value) {
    room(1);
    buffer.put((byte) value);
    return this;
  }

  ChunkWriter u16(int value) {
    room(2);
    buffer.putShort((short) value);
    return this;
  }

  ChunkWriter i32(int value) {
    room(4);
    buffer.putInt(value);
    return this;
  }

  ChunkWriter i64(long value) {
    room(8);
    buffer.putLong(value);
    return this;
  }

  ChunkWriter bytes(byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      room(1);
      int n = Math.min(bytes.length - done, buffer.remaining());
      buffer.put(bytes, done, n);
      done += n;
    }
    return this;
  }

  ChunkWriter longs(long[] values) {
    return longs(values, 0, values.length);
  }

  /** Writes the longs from an index to before another one. */
  ChunkWriter longs(long[] values, int from, int to) {
    for (int done = from; done < to; ) {
      room(8);
      int n = Math.min(to - done, buffer.remaining() / 8);
      buffer.asLongBuffer().put(values, done, n);
      buffer.position(buffer.position() + n * 8);
      done += n;
    }
    return this;
  }

  /**
   * Ends the chunk.
   *
   * @return the file offset of its payload
   * @throws UncheckedIOException if it could not be written; the file then ends before the chunk
   */
  long finish() {
    room(buffer.capacity());
    long payload = end + FileFormat.CHUNK_HEADER_BYTES;
    long bytes = position - payload;
    buffer
        .putInt(FileFormat.CHUNK_MAGIC)
        .putInt(type)
        .putLong(bytes)
        .putLong(first)
        .putLong(last)
        .putInt((int) checksum.getValue());
    CRC32C header = new CRC32C();
    header.update(buffer.duplicate().flip());
    buffer.putInt((int) header.getValue());
    position = end;
    flush();
    end = FileFormat.aligned(payload + bytes);
    return payload;
  }

  private void room(int bytes) {
    if (buffer.remaining() < bytes || bytes == buffer.capacity()) {
      checksum.update(buffer.duplicate().flip());
      flush();
    }
  }

  private void flush() {
    buffer.flip();
    write(buffer);
    buffer.clear();
  }

  private void write(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        position += channel.write(bytes, position);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("recording cannot be written: " + e.getMessage(), e);
    }
  }
}
