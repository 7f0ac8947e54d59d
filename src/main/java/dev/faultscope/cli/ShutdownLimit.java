package dev.faultscope.cli;

import java.util.concurrent.TimeUnit;

/** Whatever keeps a server from ending in good order, it ends: within {@value #MS} ms. */
public final class ShutdownLimit {
  /** Said where the end takes too long. */
  public static final String LATE =
      "Faultscope did not end in time and is ended now; recordings under way end at their last"
          + " whole chunk.";

  private static final long MS = 4_500;
  private static final int SIGTERM_EXIT = 143;

  private ShutdownLimit() {}

  /** Holds for this process from now on. */
  public static void set() {
    Thread limit =
        Thread.ofPlatform().daemon().name("shutdown-limit").unstarted(ShutdownLimit::end);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(limit::start));
  }

  private static void end() {
    try {
      TimeUnit.MILLISECONDS.sleep(MS);
    } catch (InterruptedException _) {
      return;
    }
    System.err.println(LATE);
    Runtime.getRuntime().halt(SIGTERM_EXIT);
  }
}
