package dev.faultscope.session.watch;

import dev.faultscope.live.watch.ProcessWatch;
import dev.faultscope.live.watch.WatchSummary;
import dev.faultscope.session.library.GrowingRecording;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process that is watched, on a thread of its own, into a recording. For many threads. */
public final class WatchRun {
  private static final Logger LOG = LoggerFactory.getLogger(WatchRun.class);

  private final GrowingRecording recording;
  private final ProcessWatch watch;
  private final String title;
  private final int rateHz;
  private final Thread thread;
  private volatile boolean over;
  private volatile String failure = "";

  WatchRun(GrowingRecording recording, ProcessWatch watch, String title, int rateHz) {
    this.recording = recording;
    this.watch = watch;
    this.title = title;
    this.rateHz = rateHz;
    thread = Thread.ofPlatform().daemon().name("watch-" + recording.id()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try (watch) {
      WatchSummary end = watch.run();
      if (end.end().startsWith("the recording cannot")) {
        recording.breakOff(end.end());
      } else {
        recording.complete();
      }
    } catch (RuntimeException e) {
      LOG.error("The watch {} ended", recording.id(), e);
      failure = "it failed: " + e.getMessage();
      recording.breakOff(failure);
    } finally {
      recording.close();
      over = true;
    }
  }

  /** {@return its name in links} */
  public String id() {
    return recording.id();
  }

  boolean isOver() {
    return over;
  }

  /** {@return how it stands} */
  public WatchStatus status() {
    return new WatchStatus(
        id(), title, rateHz, over, WatchStatus.Seen.of(watch.summary(), failure));
  }

  /** Ends it soon; what was recorded stays. */
  public void stop() {
    if (!over) {
      watch.stop();
    }
  }

  /**
   * Waits until it has ended.
   *
   * @param end when not to wait any longer, as {@link System#nanoTime} tells it
   */
  void awaitEnd(long end) throws InterruptedException {
    if (thread.isAlive()) {
      thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
  }
}
