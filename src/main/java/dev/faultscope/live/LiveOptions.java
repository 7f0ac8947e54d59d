package dev.faultscope.live;

import java.time.Duration;

/**
 * How a handler goes about it.
 *
 * @param watchdog how long a fault may be held before everything is let go; zero for ever
 * @param spin how long to look for the next message before falling asleep; waking an idle CPU is
 *     what costs most
 * @param drain how long a stop may take to fill in what the peer's memory still lacks
 */
public record LiveOptions(Duration watchdog, Duration spin, Duration drain) {
  /** A minute, not at all, ten seconds. */
  public static final LiveOptions DEFAULT =
      new LiveOptions(Duration.ofSeconds(60), Duration.ZERO, Duration.ofSeconds(10));

  /** {@return the same with another watchdog} */
  public LiveOptions withWatchdog(Duration time) {
    return new LiveOptions(time, spin, drain);
  }

  /** {@return the same with another spin} */
  public LiveOptions withSpin(Duration time) {
    return new LiveOptions(watchdog, time, drain);
  }
}
