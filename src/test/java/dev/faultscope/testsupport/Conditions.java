package dev.faultscope.testsupport;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Waits for what another thread or process brings about. */
public final class Conditions {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private Conditions() {}

  /** Looks, on this thread, until a condition holds; fails with its name if it does not in time. */
  public static void await(String what, BooleanSupplier condition) {
    Awaitility.await(what)
        .atMost(LONGEST)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .pollInSameThread()
        .until(condition::getAsBoolean);
  }
}
