package dev.faultscope.session.run;

import java.util.concurrent.CompletableFuture;

/**
 * Something that writes a recording right now and takes commands, whatever kernel it runs on: a
 * simulation, or real threads. Safe for many threads.
 */
public interface Run extends AutoCloseable {
  /** {@return its name, which is its recording's too} */
  String id();

  /** {@return how it stands, not older than what the last answer told} */
  RunStatus status();

  /** Whom to tell of every change, on a thread of the run's; must return at once. */
  void onChange(Runnable told);

  /**
   * Asks for something.
   *
   * @return what came of it; completes exceptionally with {@link RunRefusedException} where the
   *     command cannot be, where too many wait, or where the run has ended
   */
  CompletableFuture<RunAnswer> submit(RunCommand command);

  /**
   * Starts a run that does the same up to a moment and then stands still.
   *
   * @param into where the new run writes
   * @throws RunRefusedException if this run cannot be done again, has not come so far, or has ended
   */
  Run fork(long seq, RecordingSink into);

  /** {@return whether it may be ended where nobody has looked at it for long} */
  boolean isDisposable();

  /** Has it end soon, and does not wait. */
  void stop();

  /** Ends it for good and seals its recording; returns when that is done. */
  @Override
  void close();
}
