package dev.faultscope.session.query;

import dev.faultscope.timeline.Wait;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a table of faults is sorted by. Of equal ones the older comes first. */
public enum FaultOrder {
  /** The oldest first. */
  TIME(Comparator.comparingLong(wait -> 0)),
  /** The slowest to be woken first; who still waits, last. */
  LATENCY(longest(Wait::latencyNs)),
  WAIT(longest(Wait::waitNs)),
  UNREAD(longest(Wait::unreadNs)),
  READ_TO_IOCTL(longest(Wait::readToIoctlNs)),
  IOCTL(longest(Wait::ioctlNs)),
  WAKE_TO_RETRY(longest(Wait::wakeToRetryNs)),
  UNATTRIBUTED(longest(Wait::unattributedNs)),
  THREAD(Comparator.comparingInt(wait -> wait.enqueue().actor())),
  PAGE(
      Comparator.<Wait>comparingInt(wait -> wait.enqueue().region())
          .thenComparingInt(wait -> wait.enqueue().firstPage()));

  private final Comparator<Wait> comparator;

  FaultOrder(Comparator<Wait> comparator) {
    this.comparator = comparator.thenComparingLong(wait -> wait.enqueue().sequence());
  }

  /** {@return the order, first row first} */
  public Comparator<Wait> comparator() {
    return comparator;
  }

  /**
   * {@return the order of a name}
   *
   * @throws IllegalArgumentException if there is none; the message names those there are
   */
  public static FaultOrder named(String id) {
    return Arrays.stream(values())
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sort is one of %s, not %s"
                        .formatted(
                            Arrays.stream(values())
                                .map(FaultOrder::id)
                                .collect(Collectors.joining(", ")),
                            id)));
  }

  /** {@return its name in a command line or address} */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Comparator<Wait> longest(Function<Wait, @Nullable Long> ns) {
    return Comparator.comparingLong(
        wait -> {
          Long known = ns.apply(wait);
          return known == null ? Long.MAX_VALUE : -known;
        });
  }
}
