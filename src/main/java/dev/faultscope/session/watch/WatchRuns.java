package dev.faultscope.session.watch;

import dev.faultscope.linux.Linux;
import dev.faultscope.live.attach.ThreadNames;
import dev.faultscope.live.watch.WatchOptions;
import dev.faultscope.session.Recent;
import dev.faultscope.session.library.GrowingRecording;
import dev.faultscope.session.library.Library;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Processes that are watched, and that were. For many threads. */
public final class WatchRuns implements AutoCloseable {
  /** Watches at once. */
  public static final int MOST_RUNNING = 4;

  private static final int MOST_REMEMBERED = 32;
  private static final long END_MILLIS = 1_000;

  private final Library library;
  private final Recent<WatchRun> runs = new Recent<>(MOST_REMEMBERED, WatchRun::isOver);

  public WatchRuns(Library library) {
    this.library = library;
  }

  /**
   * Begins to watch a process.
   *
   * @param rateHz samples a second, 1 to {@value WatchOptions#MOST_HZ}
   * @throws IllegalArgumentException if the rate is none
   * @throws IllegalStateException if this machine cannot, or as many as may be are watched
   * @throws IOException if the process is gone, may not be looked at, or has no userfaultfd where
   *     trace events cannot be used; the message says which and what to do
   */
  public synchronized WatchRun start(int pid, int rateHz) throws IOException {
    WatchOptions options = WatchOptions.DEFAULT.withRate(rateHz);
    Optional<String> unavailable = Linux.whyUnavailable();
    if (unavailable.isPresent()) {
      throw new IllegalStateException("Nothing can be watched here: " + unavailable.get());
    }
    if (runs.all().stream().filter(run -> !run.isOver()).count() >= MOST_RUNNING) {
      throw new IllegalStateException(
          MOST_RUNNING + " processes are watched already: stop one of the watches first");
    }
    String title = "Watched: %s (pid %d)".formatted(ThreadNames.ofProcess(pid), pid);
    GrowingRecording recording = library.record(title, "watch");
    WatchRun run;
    try {
      run = new WatchRun(recording, Watches.of(pid, options, recording.recorder()), title, rateHz);
    } catch (IOException | RuntimeException failure) {
      recording.close();
      library.forget(recording.id());
      throw failure;
    }
    runs.add(run.id(), run);
    run.start();
    return run;
  }

  /** {@return a watch that goes on, or went on not long ago} */
  public Optional<WatchRun> run(String id) {
    return runs.find(id);
  }

  /** {@return all that is known of, oldest first} */
  public List<WatchRun> runs() {
    return runs.all();
  }

  /** Has every watch end, and does not wait. */
  public void stop() {
    runs().forEach(WatchRun::stop);
  }

  /** Ends every watch; waits no longer than {@value #END_MILLIS} ms for all. */
  @Override
  public void close() {
    stop();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS);
    for (WatchRun run : runs()) {
      try {
        run.awaitEnd(end);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
