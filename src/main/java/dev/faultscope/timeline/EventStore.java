package dev.faultscope.timeline;

import dev.faultscope.model.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where records are read from: sealed chunks in the mapped file, the tail that is still being
 * filled, and the one before it while it is sealed.
 *
 * <p>One writer, many readers. The writer fills two tail buffers in turn. A reader copies records
 * out and then looks whether the writer may have begun to fill that buffer again; if so, the chunk
 * has been sealed meanwhile and is read from the file.
 */
final class EventStore {
  private static final long FIRST_MAPPING = 1 << 20;

  /** A sealed chunk of events. */
  record Chunk(
      long first,
      int count,
      long payload,
      long firstNs,
      long lastNs,
      long more,
      long moreBytes,
      long summary,
      long bytes) {
    long last() {
      return first + count - 1;
    }

    Chunk withSummary(long offset, long length) {
      return new Chunk(first, count, payload, firstNs, lastNs, more, moreBytes, offset, length);
    }

    Chunk withMore(long offset, long length) {
      return new Chunk(first, count, payload, firstNs, lastNs, offset, length, summary, bytes);
    }
  }

  /** Page states at a moment. */
  record Checkpoint(long sequence, long payload, long bytes) {}

  /** Things in the order of their sequence numbers, of which the first {@code size} may be read. */
  private record Sealed<T>(T[] items, int size) {
    Sealed<T> plus(T item) {
      T[] grown = size == items.length ? Arrays.copyOf(items, size * 2) : items;
      grown[size] = item;
      return new Sealed<>(grown, size + 1);
    }
  }

  /**
   * The chunk being filled.
   *
   * @param before the one before it, which may not be sealed yet
   */
  private record Tail(
      long first, long index, long[] records, Contents contents, @Nullable Tail before) {
    Tail alone() {
      return new Tail(first, index, records, contents, null);
    }

    /** {@return the tail with an event, or null where it was sealed} */
    @Nullable Tail of(long sequence) {
      if (sequence >= first) {
        return this;
      }
      return before != null && sequence >= before.first ? before : null;
    }
  }

  /** What was read of one chunk, kept because the next question is mostly about the same. */
  private record Read(long first, Contents contents) {}

  private static final VarHandle PUBLISHED;

  static {
    try {
      PUBLISHED = MethodHandles.lookup().findVarHandle(EventStore.class, "published", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Path file;
  private final Arena arena = Arena.ofShared();
  private volatile MemorySegment mapped = MemorySegment.NULL;
  private volatile Sealed<Chunk> chunks = new Sealed<>(new Chunk[16], 0);
  private volatile Sealed<Checkpoint> checkpoints = new Sealed<>(new Checkpoint[16], 0);
  private volatile @Nullable Tail tail;
  private volatile @Nullable Read recent;
  private volatile long published;
  private int users = 1;
  private int version = FileFormat.VERSION;

  EventStore(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** {@return the version of the format that the file has} */
  int version() {
    return version;
  }

  /** Says the version before anything is read. */
  void version(int number) {
    version = number;
  }

  MemorySegment mapped() {
    return mapped;
  }

  /** {@return the last sequence number that may be read} */
  long last() {
    return published;
  }

  /** Makes the file readable up to an offset; a channel that can write extends the file. */
  void map(FileChannel channel, long end) {
    long size = mapped.byteSize();
    if (end <= size) {
      return;
    }
    try {
      long wanted = Math.max(Math.max(end, size * 2), FIRST_MAPPING);
      mapped = channel.map(MapMode.READ_ONLY, 0, wanted, arena);
    } catch (IOException e) {
      throw new UncheckedIOException("recording cannot be mapped: " + e.getMessage(), e);
    }
  }

  /** Maps exactly what an existing file has. */
  void mapWhole(FileChannel channel, long size) throws IOException {
    mapped = channel.map(MapMode.READ_ONLY, 0, size, arena);
  }

  /** Starts filling a tail buffer; the one before last is sealed and may now be overwritten. */
  void startTail(long first, long[] records, Contents contents) {
    Tail old = tail;
    tail =
        old == null
            ? new Tail(first, 0, records, contents, null)
            : new Tail(first, old.index + 1, records, contents, old.alone());
    VarHandle.storeStoreFence();
  }

  /** Lets readers see events up to a sequence number. */
  void publish(long last) {
    PUBLISHED.setRelease(this, last);
  }

  void add(Chunk chunk) {
    chunks = chunks.plus(chunk);
  }

  void add(Checkpoint checkpoint) {
    checkpoints = checkpoints.plus(checkpoint);
  }

  int chunkCount() {
    return chunks.size;
  }

  int checkpointCount() {
    return checkpoints.size;
  }

  Chunk chunk(int index) {
    return chunks.items[index];
  }

  /** {@return the sealed chunk with an event, or null where it is in the tail} */
  @Nullable Chunk chunkOf(long sequence) {
    int index = chunkIndexOf(sequence);
    return index < 0 ? null : chunks.items[index];
  }

  /** {@return the number of the sealed chunk with an event, or -1 where it is in the tail} */
  int chunkIndexOf(long sequence) {
    Sealed<Chunk> all = chunks;
    int low = 0;
    int high = all.size - 1;
    if (high < 0 || sequence > all.items[high].last()) {
      return -1;
    }
    int guess = (int) Math.min((sequence - 1) / FileFormat.CHUNK_EVENTS, high);
    while (low <= high) {
      Chunk chunk = all.items[guess];
      if (sequence < chunk.first) {
        high = guess - 1;
      } else if (sequence > chunk.last()) {
        low = guess + 1;
      } else {
        return guess;
      }
      guess = (low + high) >>> 1;
    }
    return -1;
  }

  /** {@return the last checkpoint at or before a moment, or null: then all pages are absent} */
  @Nullable Checkpoint checkpointBefore(long moment) {
    Sealed<Checkpoint> all = checkpoints;
    int index = lastAtOrBefore(all, moment);
    return index < 0 ? null : all.items[index];
  }

  /** {@return the first checkpoint after a moment, or null} */
  @Nullable Checkpoint checkpointAfter(long moment) {
    Sealed<Checkpoint> all = checkpoints;
    int index = lastAtOrBefore(all, moment) + 1;
    return index < all.size ? all.items[index] : null;
  }

  private static int lastAtOrBefore(Sealed<Checkpoint> all, long moment) {
    int low = 0;
    int high = all.size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (all.items[middle].sequence <= moment) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /**
   * Copies up to {@code count} consecutive records, which must have been published.
   *
   * @return how many were copied, at least 1
   */
  int read(long first, int count, long[] into, int at) {
    while (true) {
      // Read before the chunks and the tail: what it counts is in one of the two by then.
      long last = published;
      Chunk chunk = chunkOf(first);
      if (chunk != null) {
        int n = (int) Math.min(count, chunk.last() - first + 1);
        copy(mapped, chunk.payload + (first - chunk.first) * Records.BYTES, into, at, n);
        if (version == 1) {
          Records.upgrade(asWritten(first - 1), into, at, n);
        }
        return n;
      }
      Tail newest = tail;
      Tail from = newest == null ? null : newest.of(first);
      if (from != null) {
        long end = newest != null && from != newest ? newest.first - 1 : last;
        int n = (int) Math.min(count, end - first + 1);
        System.arraycopy(
            from.records, (int) (first - from.first) * Records.LONGS, into, at, n * Records.LONGS);
        VarHandle.loadLoadFence();
        Tail now = tail;
        if (now != null && now.index - from.index < 2) {
          return n;
        }
      }
    }
  }

  /** A record of a file as it is there, empty before the first. */
  private long[] asWritten(long sequence) {
    Chunk chunk = sequence < 1 ? null : chunkOf(sequence);
    if (chunk == null) {
      return new long[0];
    }
    long[] record = new long[Records.LONGS];
    copy(mapped, chunk.payload + (sequence - chunk.first) * Records.BYTES, record, 0, 1);
    return record;
  }

  /**
   * {@return what a published event says of bytes}
   *
   * @throws TimelineException if the file is damaged there
   */
  List<Content> contents(long sequence) {
    while (true) {
      Chunk chunk = chunkOf(sequence);
      if (chunk != null) {
        return chunk.moreBytes == 0
            ? List.of()
            : contentsOf(chunk).at((int) (sequence - chunk.first));
      }
      Tail newest = tail;
      Tail from = newest == null ? null : newest.of(sequence);
      if (from != null) {
        return from.contents.at((int) (sequence - from.first));
      }
    }
  }

  private Contents contentsOf(Chunk chunk) {
    Read kept = recent;
    if (kept != null && kept.first == chunk.first) {
      return kept.contents;
    }
    try {
      Contents contents =
          Contents.read(new ChunkReader(file, mapped, chunk.more, chunk.moreBytes), chunk.count);
      recent = new Read(chunk.first, contents);
      return contents;
    } catch (InternalError e) {
      throw new TimelineException(
          file, chunk.more, "the file became shorter while it was open: open it again");
    }
  }

  /** Copies published records as bytes. */
  void copyTo(long first, int count, byte[] into, int at) {
    long[] block = new long[Math.min(count, 512) * Records.LONGS];
    MemorySegment target = MemorySegment.ofArray(into);
    for (int done = 0; done < count; ) {
      int n = read(first + done, Math.min(count - done, 512), block, 0);
      long offset = at + (long) done * Records.BYTES;
      MemorySegment.copy(block, 0, target, FileFormat.I64, offset, n * Records.LONGS);
      done += n;
    }
  }

  private void copy(MemorySegment from, long offset, long[] into, int at, int records) {
    try {
      MemorySegment.copy(from, FileFormat.I64, offset, into, at, records * Records.LONGS);
    } catch (InternalError e) {
      throw new TimelineException(
          file, offset, "the file became shorter while it was open: open it again");
    }
  }

  /** Counts one more user: the recorder beside the timeline. */
  synchronized void retain() {
    users++;
  }

  /** The memory goes when its last user does. */
  synchronized void release() {
    if (--users == 0) {
      arena.close();
    }
  }
}
