package dev.faultscope.session.watch;

import dev.faultscope.linux.Linux;
import dev.faultscope.live.ThreadNames;
import dev.faultscope.live.watch.Watch;
import dev.faultscope.live.watch.WatchOptions;
import dev.faultscope.session.GrowingRecording;
import dev.faultscope.session.Library;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Processes that are watched, and that were. For many threads. */
public final class WatchRuns implements AutoCloseable {
  /** Watches at once. */
  public static final int MOST_RUNNING = 4;

  private static final int MOST_REMEMBERED = 32;
  private static final long END_MILLIS = 5_000;

  private final Library library;
  private final Map<String, WatchRun> runs = new LinkedHashMap<>();

  public WatchRuns(Library library) {
    this.library = library;
  }

  /**
   * Begins to watch a process.
   *
   * @param rateHz samples a second, 1 to {@value WatchOptions#MOST_HZ}
   * @throws IllegalArgumentException if the rate is none
   * @throws IllegalStateException if this machine cannot, or as many as may be are watched
   * @throws IOException if the process is gone, may not be looked at, or has nothing to do with
   *     userfaultfd; the message says which and what to do
   */
  public synchronized WatchRun start(int pid, int rateHz) throws IOException {
    WatchOptions options = WatchOptions.DEFAULT.withRate(rateHz);
    Optional<String> unavailable = Linux.whyUnavailable();
    if (unavailable.isPresent()) {
      throw new IllegalStateException("Nothing can be watched here: " + unavailable.get());
    }
    if (runs.values().stream().filter(run -> !run.isOver()).count() >= MOST_RUNNING) {
      throw new IllegalStateException(
          MOST_RUNNING + " processes are watched already: stop one of the watches first");
    }
    String title = "Watched: %s (pid %d)".formatted(ThreadNames.ofProcess(pid), pid);
    GrowingRecording recording = library.record(title, "watch");
    WatchRun run;
    try {
      run = new WatchRun(recording, Watch.of(pid, options, recording.recorder()), title, rateHz);
    } catch (IOException | RuntimeException failure) {
      recording.close();
      library.forget(recording.id());
      throw failure;
    }
    runs.put(run.id(), run);
    trim();
    run.start();
    return run;
  }

  private void trim() {
    Iterator<WatchRun> oldest = runs.values().iterator();
    while (runs.size() > MOST_REMEMBERED && oldest.hasNext()) {
      if (oldest.next().isOver()) {
        oldest.remove();
      }
    }
  }

  /** {@return a watch that goes on, or went on not long ago} */
  public synchronized Optional<WatchRun> run(String id) {
    return Optional.ofNullable(runs.get(id));
  }

  /** {@return all that is known of, oldest first} */
  public synchronized List<WatchRun> runs() {
    return List.copyOf(runs.values());
  }

  /** Ends every watch. */
  @Override
  public void close() {
    for (WatchRun run : runs()) {
      try {
        run.end(END_MILLIS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
