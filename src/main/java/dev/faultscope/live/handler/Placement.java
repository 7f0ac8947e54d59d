package dev.faultscope.live.handler;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * On which CPU a handler runs, beside the threads whose faults it answers. Waking an idle CPU is
 * what a fault costs most.
 */
public enum Placement {
  /** Wherever the kernel puts it. */
  FREE,
  /** On the CPU of the threads that fault: nobody else needs to be woken. */
  SAME,
  /** On a CPU of its own. */
  APART,
  /** Tries the others in the first faults and keeps what was fastest. */
  MEASURED;

  /** {@return the placement with a name: free, same, apart or measured} */
  public static Placement named(String text) {
    return Arrays.stream(values())
        .filter(value -> value.toString().equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + text
                        + "' is no placement; there are "
                        + Arrays.stream(values())
                            .map(Placement::toString)
                            .collect(Collectors.joining(", "))));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
