package dev.faultscope.trace.ftrace;

import dev.faultscope.trace.input.ImportLog;
import dev.faultscope.trace.input.LineReader;
import dev.faultscope.trace.input.ProgressMeter;
import dev.faultscope.trace.input.TraceFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads and parses a file in a thread of its own, a few batches ahead of who uses the events.
 *
 * <p>The log belongs to that thread until {@link #take} has returned null.
 */
final class LineFeed implements AutoCloseable {
  /** Events of the batches on their way; a few fit a core's cache. */
  static final int BATCH = 256;

  private static final int BATCHES = 6;

  /** Parsed events, in the order of their lines. */
  static final class Batch {
    final LineEvent[] events = new LineEvent[BATCH];
    int count;
    boolean last;
    @Nullable Throwable failure;

    private Batch() {
      for (int i = 0; i < BATCH; i++) {
        events[i] = new LineEvent();
      }
    }
  }

  private final TraceFile file;
  private final ProgressMeter meter;
  private final ImportLog log;
  private final ArrayBlockingQueue<Batch> free = new ArrayBlockingQueue<>(BATCHES);
  private final ArrayBlockingQueue<Batch> full = new ArrayBlockingQueue<>(BATCHES);
  private final Thread reader;
  private boolean ended;

  private LineFeed(TraceFile file, ProgressMeter meter, ImportLog log) {
    this.file = file;
    this.meter = meter;
    this.log = log;
    for (int i = 0; i < BATCHES; i++) {
      free.add(new Batch());
    }
    reader = Thread.ofPlatform().daemon().name("trace-reader").unstarted(this::run);
  }

  /** Starts to read a file. */
  static LineFeed start(TraceFile file, ProgressMeter meter, ImportLog log) {
    LineFeed feed = new LineFeed(file, meter, log);
    feed.reader.start();
    return feed;
  }

  /**
   * {@return the next events, to be given back; null at the end of the file}
   *
   * @throws IOException if the file cannot be read on
   * @throws dev.faultscope.trace.input.ImportCancelledException if the listener asked to stop
   */
  @Nullable Batch take() throws IOException {
    if (ended) {
      return null;
    }
    Batch batch = await(full);
    ended = batch.last;
    Throwable failure = batch.failure;
    if (failure != null) {
      ended = true;
      switch (failure) {
        case IOException problem -> throw problem;
        case RuntimeException problem -> throw problem;
        case Error problem -> throw problem;
        default -> throw new IllegalStateException(failure);
      }
    }
    return batch;
  }

  /** Gives a batch back to be filled again. */
  void release(Batch batch) {
    free.add(batch);
  }

  /** Stops reading, and waits until the file is closed. */
  @Override
  public void close() {
    reader.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        reader.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Batch await(ArrayBlockingQueue<Batch> queue) throws IOException {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void run() {
    try {
      Batch batch = await(free);
      batch.count = 0;
      try (InputStream in = file.open(meter)) {
        LineReader lines = new LineReader(in);
        LineIntake intake = new LineIntake(log);
        while (lines.advance()) {
          if (intake.take(lines, batch.events[batch.count])) {
            batch.count++;
            if (batch.count == BATCH) {
              full.add(batch);
              batch = await(free);
              batch.count = 0;
            }
          }
        }
        log.lines(lines.number());
        batch.last = true;
      } catch (Throwable e) {
        batch.failure = e;
      }
      full.add(batch);
    } catch (IOException e) {
      // Closed while it waited for a batch: nobody reads on.
      Thread.currentThread().interrupt();
    }
  }
}
