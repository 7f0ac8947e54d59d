package dev.faultscope.live.watch;

/** A watch of one process from outside: {@link #run} on one thread, the rest on any. */
public interface ProcessWatch extends AutoCloseable {
  /**
   * Watches until the process ends, the time or the events are used up, or {@link #stop}.
   *
   * @return what was seen, and why it ended
   */
  WatchSummary run();

  /** {@return what was seen by now} */
  WatchSummary summary();

  /** Ends the watch soon. */
  void stop();

  @Override
  void close();
}
