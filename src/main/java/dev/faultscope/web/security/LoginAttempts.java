package dev.faultscope.web.security;

import java.util.function.LongSupplier;

/** Bounds how fast tokens can be tried, for all clients together. */
final class LoginAttempts {
  /** Wrong tokens allowed within a period. */
  static final int LIMIT = 10;

  /** The period in nanoseconds. */
  static final long PERIOD_NS = 60_000_000_000L;

  private final LongSupplier nanoTime;
  private long periodStart;
  private int failures;

  LoginAttempts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.periodStart = nanoTime.getAsLong();
  }

  /** {@return whether one more attempt may be made now} */
  synchronized boolean mayTry() {
    if (nanoTime.getAsLong() - periodStart > PERIOD_NS) {
      periodStart = nanoTime.getAsLong();
      failures = 0;
    }
    return failures < LIMIT;
  }

  synchronized void failed() {
    failures++;
  }
}
