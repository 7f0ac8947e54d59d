package dev.faultscope.session.query;

import dev.faultscope.settings.Choice;
import dev.faultscope.timeline.WaitPart;
import dev.faultscope.timeline.Waits;
import java.util.List;
import java.util.Locale;

/** What a table of faults is sorted by. Of equal ones the older comes first. */
public enum FaultOrder {
  /** The oldest first. */
  TIME(Waits::enqueue),
  /** The slowest to be woken first; who still waits, last. */
  LATENCY(Key.longest(WaitPart.LATENCY)),
  WAIT(Key.longest(WaitPart.WAIT)),
  UNREAD(Key.longest(WaitPart.UNREAD)),
  READ_TO_IOCTL(Key.longest(WaitPart.READ_TO_IOCTL)),
  IOCTL(Key.longest(WaitPart.IOCTL)),
  WAKE_TO_RETRY(Key.longest(WaitPart.WAKE_TO_RETRY)),
  UNATTRIBUTED(Key.longest(WaitPart.UNATTRIBUTED)),
  THREAD((waits, wait) -> waits.actor(wait)),
  PAGE((waits, wait) -> (long) waits.region(wait) << 32 | waits.page(wait)),
  /** What they wait for; then what was decided. */
  ORIGIN((waits, wait) -> (long) waits.origin(wait).code() << 8 | waits.reason(wait)),
  /** What was decided before or meanwhile; where that is not known, last. */
  CAUSE((waits, wait) -> waits.reason(wait));

  /** A number for each wait. */
  @FunctionalInterface
  private interface Key {
    long of(Waits waits, long wait);

    /** The longest first, those that are not told last. */
    static Key longest(WaitPart part) {
      return (waits, wait) -> {
        long ns = waits.ns(part, wait);
        return ns == WaitPart.UNTOLD ? Long.MAX_VALUE : -ns;
      };
    }
  }

  private final Key key;

  FaultOrder(Key key) {
    this.key = key;
  }

  /** {@return a number by which waits are put in order, the smallest first} */
  long key(Waits waits, long wait) {
    return key.of(waits, wait);
  }

  /**
   * {@return the order of a name}
   *
   * @throws IllegalArgumentException if there is none; the message names those there are
   */
  public static FaultOrder named(String id) {
    return Choice.of("sort", List.of(values()), FaultOrder::id, id);
  }

  /** {@return its name in a command line or address} */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
