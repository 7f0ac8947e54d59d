package dev.faultscope.live.watch;

import java.time.Duration;

/**
 * How to watch.
 *
 * @param rateHz samples a second, 1 to {@value #MOST_HZ}; one that takes longer than its share
 *     makes the next come late, which is counted
 * @param duration how long at most; zero until the process ends
 * @param mostEvents how many events to record at most; then the watch ends and says so
 */
public record WatchOptions(int rateHz, Duration duration, long mostEvents) {
  /** Most samples a second. */
  public static final int MOST_HZ = 1000;

  /** Ten samples a second until the process ends, or fifty million events. */
  public static final WatchOptions DEFAULT = new WatchOptions(10, Duration.ZERO, 50_000_000);

  public WatchOptions {
    if (rateHz < 1 || rateHz > MOST_HZ) {
      throw new IllegalArgumentException(
          "the rate is " + rateHz + " Hz; it should be 1 to " + MOST_HZ);
    }
    if (duration.isNegative()) {
      throw new IllegalArgumentException("the duration is negative");
    }
    if (mostEvents < 1) {
      throw new IllegalArgumentException("at least one event should be recorded");
    }
  }

  /** {@return the same at another rate} */
  public WatchOptions withRate(int hz) {
    return new WatchOptions(hz, duration, mostEvents);
  }

  /** {@return the same for another time} */
  public WatchOptions withDuration(Duration time) {
    return new WatchOptions(rateHz, time, mostEvents);
  }
}
