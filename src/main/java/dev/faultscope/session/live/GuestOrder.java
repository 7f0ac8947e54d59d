package dev.faultscope.session.live;

import dev.faultscope.policy.PolicySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A guest to start, as a person asked for it.
 *
 * @param backing {@code memfd} or {@code anon}
 * @param mode {@code minor} or {@code missing}; anonymous memory knows missing faults only
 * @param mib size of its memory, 1 to 1024
 * @param workload {@code touch} for threads, {@code vcpu} for real vCPUs
 * @param workers how many of them, 1 to 8
 * @param pattern {@code sequential}, {@code strided} or {@code random}
 * @param write whether they write
 * @param ring privilege level of vCPUs, 0 or 3
 * @param clock whether KVM writes a clock into guest memory
 * @param policy how faults are answered, as {@link PolicySpec#parse} reads it
 * @param hold what is held from the first fault on: null for nothing, empty for every fault, else a
 *     predicate
 * @param watchdog how long a fault may be held
 */
public record GuestOrder(
    String backing,
    String mode,
    int mib,
    String workload,
    int workers,
    String pattern,
    boolean write,
    int ring,
    boolean clock,
    String policy,
    @Nullable String hold,
    Duration watchdog) {

  static final Duration LONGEST_WATCHDOG = Duration.ofHours(1);

  public GuestOrder {
    oneOf("backing", backing, Set.of("memfd", "anon"));
    oneOf("mode", mode, Set.of("minor", "missing"));
    oneOf("workload", workload, Set.of("touch", "vcpu"));
    oneOf("pattern", pattern, Set.of("sequential", "strided", "random"));
    within("mib", mib, 1, 1024);
    within("workers", workers, 1, 8);
    if (ring != 0 && ring != 3) {
      throw new IllegalArgumentException("ring is " + ring + "; 0 and 3 are possible");
    }
    if (backing.equals("anon") && mode.equals("minor")) {
      throw new IllegalArgumentException(
          "anonymous memory has no page cache, so no minor faults: take memfd, or missing");
    }
    checkWatchdog(watchdog);
    PolicySpec.parse(policy);
  }

  static void checkWatchdog(Duration watchdog) {
    if (watchdog.isNegative() || watchdog.compareTo(LONGEST_WATCHDOG) > 0) {
      throw new IllegalArgumentException(
          "the watchdog is %d s; 0 (never) to %d are possible"
              .formatted(watchdog.toSeconds(), LONGEST_WATCHDOG.toSeconds()));
    }
  }

  private static void oneOf(String field, String value, Set<String> possible) {
    if (!possible.contains(value)) {
      throw new IllegalArgumentException(
          "%s is '%s'; possible are %s".formatted(field, value, String.join(", ", possible)));
    }
  }

  private static void within(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d; %d to %d are possible".formatted(field, value, least, most));
    }
  }

  /** {@return what people call its recording} */
  String title() {
    return "Live: %s %s, %d %s"
        .formatted(
            backing,
            mode,
            workers,
            (workload.equals("vcpu") ? "vCPU" : "thread") + (workers == 1 ? "" : "s"));
  }

  /** {@return the arguments of the guest's process, but for its socket} */
  List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--backing",
                upper(backing),
                "--mode",
                upper(mode),
                "--mib",
                mib + "",
                "--workload",
                upper(workload),
                "--workers",
                workers + "",
                "--pattern",
                upper(pattern),
                "--ring",
                ring + "",
                // A person may look at one fault for as long as the watchdog allows.
                "--limit",
                "86400"));
    if (write) {
      arguments.add("--write");
    }
    if (clock) {
      arguments.add("--clock");
    }
    return arguments;
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
