package dev.faultscope.timeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The waits of a timeline, found in one pass when first asked for and grown with the recording.
 * They are kept in a file without a name, 72 bytes each, so that the heap stays free of them. Safe
 * for many threads.
 */
final class WaitIndex implements AutoCloseable {
  /** The first block needs no file. */
  private static final int IN_MEMORY = 1;

  private final Timeline timeline;
  private final WaitFold fold;
  private final List<MemorySegment> blocks = new ArrayList<>();
  private @Nullable FileChannel file;
  private volatile boolean closed;
  private long size;
  private long next = 1;

  WaitIndex(Timeline timeline) {
    this(timeline, _ -> true, _ -> true);
  }

  /** Of the waits of which an event is wanted, as {@link WaitFold} says. */
  WaitIndex(Timeline timeline, LongPredicate wanted, LongPredicate ended) {
    this.timeline = timeline;
    fold = new WaitFold(timeline, wanted, ended, this::add);
  }

  /**
   * {@return all waits by now}
   *
   * @throws UncheckedIOException if there is no room for them where temporary files are
   * @throws IllegalStateException if the timeline is closed before they are found
   */
  synchronized Waits waits() {
    checkOpen();
    long last = timeline.lastSequence();
    for (; next <= last; next++) {
      checkOpen();
      fold.add(timeline.event(next));
    }
    List<Wait> untold = fold.untold();
    long kept = size;
    List<MemorySegment> all = new ArrayList<>(blocks);
    if (!untold.isEmpty()) {
      // They are not of the index yet: more may be told of them.
      int row = (int) kept % Waits.BLOCK;
      if (row != 0) {
        all.set(all.size() - 1, copyOf(blocks.getLast()));
      }
      for (Wait wait : untold) {
        if (kept % Waits.BLOCK == 0) {
          all.add(inMemory());
        }
        Waits.put(all.getLast(), (int) (kept++ % Waits.BLOCK), wait);
      }
    }
    return new Waits(timeline, List.copyOf(all), kept);
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the recording was closed before its faults were found");
    }
  }

  private void add(Wait wait) {
    int row = (int) (size % Waits.BLOCK);
    if (row == 0) {
      blocks.add(blocks.size() < IN_MEMORY ? inMemory() : inFile());
    }
    Waits.put(blocks.getLast(), row, wait);
    size++;
  }

  private static MemorySegment inMemory() {
    return Arena.ofAuto().allocate(Waits.BLOCK_BYTES, Long.BYTES);
  }

  private static MemorySegment copyOf(MemorySegment block) {
    return inMemory().copyFrom(block);
  }

  private MemorySegment inFile() {
    try {
      FileChannel channel = file;
      if (channel == null) {
        Path path = Files.createTempFile("faultscope-waits-", ".index");
        channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(path);
        file = channel;
      }
      return channel.map(
          MapMode.READ_WRITE,
          (blocks.size() - IN_MEMORY) * Waits.BLOCK_BYTES,
          Waits.BLOCK_BYTES,
          Arena.ofAuto());
    } catch (IOException e) {
      throw new UncheckedIOException("the waits cannot be kept: " + e.getMessage(), e);
    }
  }

  /** Ends the search and gives the file back; the waits that were handed out stay. */
  @Override
  public void close() {
    closed = true;
    release();
  }

  private synchronized void release() {
    FileChannel channel = file;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
