package dev.faultscope.live.handler;

import java.util.List;
import java.util.Locale;

/** In what portions and in what order real memory is filled. */
public sealed interface FaultPolicy {
  /** One page a fault. */
  record OnDemand() implements FaultPolicy {}

  /** The aligned group of pages around a fault, in one ioctl. */
  record Batch(int pages) implements FaultPolicy {
    public Batch {
      if (pages < 1 || pages > 1 << 20) {
        throw new IllegalArgumentException(
            "a batch of " + pages + " pages; 1 to 1048576 are possible");
      }
    }
  }

  /** One page a fault and, while no fault waits, everything else in address order. */
  record Prefault(int pagesAtOnce) implements FaultPolicy {}

  /**
   * One page a fault and, while no fault waits, the pages of an earlier run in the order it touched
   * them.
   *
   * @param offsets byte offsets in the memory file
   */
  record WorkingSet(List<Long> offsets) implements FaultPolicy {
    public WorkingSet {
      offsets = List.copyOf(offsets);
    }
  }

  /** Everything at the first fault. */
  record FaultAll() implements FaultPolicy {}

  /**
   * {@return the policy with a name}: {@code on-demand}, {@code batch} or {@code batch:N}, {@code
   * prefault}, {@code fault-all}
   */
  static FaultPolicy named(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split(":", 2);
    return switch (parts[0]) {
      case "on-demand" -> new OnDemand();
      case "batch" -> new Batch(parts.length == 1 ? 16 : Integer.parseInt(parts[1]));
      case "prefault" -> new Prefault(16);
      case "fault-all" -> new FaultAll();
      default ->
          throw new IllegalArgumentException(
              "'" + text + "' is no policy; there are on-demand, batch:N, prefault and fault-all");
    };
  }
}
