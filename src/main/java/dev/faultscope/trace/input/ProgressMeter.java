package dev.faultscope.trace.input;

import java.util.concurrent.TimeUnit;

/** Turns bytes of work into calls of an {@link ImportProgress} at a bounded rate. */
public final class ProgressMeter {
  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private final ImportProgress listener;
  private final long total;
  private long done;
  private long lastCall = System.nanoTime() - INTERVAL_NS;

  /** Measures work of {@code total} bytes. */
  public ProgressMeter(ImportProgress listener, long total) {
    this.listener = listener;
    this.total = total;
  }

  /**
   * Counts work done.
   *
   * @throws ImportCancelledException if the listener wants no more
   */
  public void add(long bytes) {
    done += bytes;
    if (listener.cancelled()) {
      throw new ImportCancelledException();
    }
    long now = System.nanoTime();
    if (now - lastCall >= INTERVAL_NS) {
      lastCall = now;
      listener.advanced(Math.min(done, total), total);
    }
  }

  /** Tells the listener that all is done. */
  public void finish() {
    listener.advanced(total, total);
  }
}
