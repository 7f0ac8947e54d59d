package dev.faultscope.live.handler;

import java.time.Duration;

/**
 * How a handler goes about it.
 *
 * @param watchdog how long a fault may be held before everything is let go; zero for ever
 * @param patience how long a fault may wait that the policy did not answer, until it is answered
 *     all the same; zero for ever
 * @param spin how long to look for the next message before falling asleep; ignored where the
 *     placement is measured, which finds out whether it pays
 * @param drain how long a stop may take to fill in what the peer's memory still lacks
 * @param placement on which CPU the handler runs
 * @param movesPeer whether the peer's threads may be moved to other CPUs for that, while their
 *     faults come thick; else only the handler is
 * @param originShare how much of the time may go into finding out who touched a page, read off the
 *     sleeping thread's kernel stack, and when, from a trace: 0 for none, 1 for every fault, which
 *     takes some fifty microseconds each
 */
public record LiveOptions(
    Duration watchdog,
    Duration patience,
    Duration spin,
    Duration drain,
    Placement placement,
    boolean movesPeer,
    double originShare) {
  /** A minute, a second, not at all, ten seconds, anywhere. */
  public static final LiveOptions DEFAULT =
      new LiveOptions(
          Duration.ofSeconds(60),
          Duration.ofSeconds(1),
          Duration.ZERO,
          Duration.ofSeconds(10),
          Placement.FREE,
          false,
          0);

  /** {@return the same with another watchdog} */
  public LiveOptions withWatchdog(Duration time) {
    return new LiveOptions(time, patience, spin, drain, placement, movesPeer, originShare);
  }

  /** {@return the same with another patience} */
  public LiveOptions withPatience(Duration time) {
    return new LiveOptions(watchdog, time, spin, drain, placement, movesPeer, originShare);
  }

  /** {@return the same with another spin} */
  public LiveOptions withSpin(Duration time) {
    return new LiveOptions(watchdog, patience, time, drain, placement, movesPeer, originShare);
  }

  /** {@return the same elsewhere} */
  public LiveOptions withPlacement(Placement where, boolean moves) {
    return new LiveOptions(watchdog, patience, spin, drain, where, moves, originShare);
  }

  /** {@return the same, with another share of the time for who touched which page} */
  public LiveOptions withOrigins(double share) {
    return new LiveOptions(watchdog, patience, spin, drain, placement, movesPeer, share);
  }
}
