package dev.faultscope.timeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recording's file on a thread of its own, so that who records does not wait for the file.
 *
 * <p>One thing at a time is written, in the order it was asked for; {@link #start} waits until what
 * was started before is in the file. Who records is interrupted when its run is stopped, and a
 * write on an interrupted thread would close the file: here no such thread writes.
 */
final class ChunkSealer implements AutoCloseable {
  /**
   * A chunk's events, which nobody changes before they are in the file.
   *
   * @param pages of each region that they name
   * @param declared what must stand in the file before them
   * @param states the page states after them, where a checkpoint is due
   */
  record Filled(
      long first,
      int count,
      long[] records,
      Contents contents,
      int[] pages,
      List<Consumer<ChunkWriter>> declared,
      @Nullable PageStates states) {
    long last() {
      return first + count - 1;
    }
  }

  /** Events that are written and summed up at once, so that they come out of memory once. */
  private static final int SLICE = 256;

  private final FileChannel channel;
  private final EventStore store;
  private final StateCodes codes;
  private final ChunkWriter writer;
  private final ExecutorService thread;
  private final SummaryBuilder summary = new SummaryBuilder();
  private final Fold fold = new Fold();
  private Fold foldAtStart = new Fold();
  private @Nullable Future<?> started;

  /**
   * Writes the file's header.
   *
   * @param threads makes the thread that writes from then on
   * @throws UncheckedIOException if it cannot be written
   */
  ChunkSealer(FileChannel channel, EventStore store, StateCodes codes, ThreadFactory threads) {
    this.channel = channel;
    this.store = store;
    this.codes = codes;
    writer = new ChunkWriter(channel);
    thread = Executors.newSingleThreadExecutor(threads);
  }

  /**
   * Starts sealing a chunk. The one started before is in the file when this returns.
   *
   * @throws UncheckedIOException if that one, or what it needs, could not be written
   */
  void start(Filled chunk) {
    await();
    started = thread.submit(() -> seal(chunk));
  }

  /**
   * Writes declarations, of events before the next one.
   *
   * @throws UncheckedIOException if they, or what was started before, could not be written
   */
  void declare(List<Consumer<ChunkWriter>> declared, long last) {
    write(() -> writeDeclared(declared, last));
  }

  /**
   * Marks the recording as whole.
   *
   * @throws UncheckedIOException if that, or what was started before, could not be written
   */
  void finish(long last) {
    write(
        () -> {
          writer.begin(FileFormat.END, last, last);
          writer.finish();
        });
  }

  /**
   * Ends the file after its last whole chunk and closes it.
   *
   * @throws UncheckedIOException if it cannot be ended
   */
  @Override
  public void close() {
    try (thread) {
      write(this::cut);
    }
  }

  private void cut() {
    try (channel) {
      channel.truncate(writer.end());
    } catch (IOException e) {
      throw new UncheckedIOException("recording cannot be closed: " + e.getMessage(), e);
    }
  }

  private void write(Runnable what) {
    await();
    started = thread.submit(what);
    await();
  }

  /**
   * Waits until what was started is in the file.
   *
   * @throws UncheckedIOException if it could not be written
   */
  void await() {
    Future<?> waited = started;
    if (waited == null) {
      return;
    }
    started = null;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          waited.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException cannot) {
        throw new UncheckedIOException(cannot.getMessage(), cannot.getCause());
      }
      throw new IllegalStateException("a chunk cannot be sealed: " + e.getCause(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void writeDeclared(List<Consumer<ChunkWriter>> declared, long last) {
    if (!declared.isEmpty()) {
      writer.begin(FileFormat.META, last, last);
      declared.forEach(item -> item.accept(writer));
      writer.finish();
    }
  }

  private void seal(Filled chunk) {
    long first = chunk.first();
    long last = chunk.last();
    long[] records = chunk.records();
    writeDeclared(chunk.declared(), last);
    writer.begin(FileFormat.EVENTS, first, last);
    for (int at = 0; at < chunk.count(); at += SLICE) {
      int end = Math.min(chunk.count(), at + SLICE);
      writer.longs(records, at * Records.LONGS, end * Records.LONGS);
      summary.add(records, at, end, fold, chunk.pages(), codes);
    }
    long payload = writer.finish();
    long moreAt = writer.end();
    long moreBytes = 0;
    Contents contents = chunk.contents();
    if (!contents.isEmpty()) {
      writer.begin(FileFormat.MORE, first, last);
      contents.write(writer);
      moreAt = writer.finish();
      moreBytes = contents.bytes();
    }
    writer.begin(FileFormat.SUMMARY, first, last);
    foldAtStart.write(writer);
    summary.write(writer, fold);
    long summaryAt = writer.finish();
    store.map(channel, writer.end());
    store.add(
        new EventStore.Chunk(
            first,
            chunk.count(),
            payload,
            records[0],
            fold.timeNs(),
            moreAt,
            moreBytes,
            summaryAt,
            writer.end() - summaryAt));
    foldAtStart = fold.copy();
    PageStates states = chunk.states();
    if (states != null) {
      EventStore.Checkpoint saved = CheckpointCodec.write(writer, states, last);
      store.map(channel, writer.end());
      store.add(saved);
    }
  }
}
