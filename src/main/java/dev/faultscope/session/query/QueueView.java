package dev.faultscope.session.query;

import dev.faultscope.timeline.Moment;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fault queue at a moment.
 *
 * @param pending how many entries nobody has read
 * @param read how many a handler has read
 * @param kernel how many wait for the kernel itself
 * @param entries the oldest, at most {@value #MAX_ENTRIES}
 */
public record QueueView(int pending, int read, int kernel, List<Entry> entries) {
  /** Most entries listed. */
  public static final int MAX_ENTRIES = 200;

  /**
   * A fault that waits.
   *
   * @param phase {@code pending}, {@code read} or {@code kernel}
   * @param handler who read it, null for nobody
   * @param origin what it waits for: {@code uffd}, {@code stage2}, {@code kvm} or {@code host}
   */
  public record Entry(
      long seq,
      @Nullable Integer actor,
      @Nullable Integer region,
      int page,
      int flags,
      long sinceNs,
      String phase,
      @Nullable Integer handler,
      String origin) {

    static Entry of(Moment.Entry entry) {
      return new Entry(
          entry.sequence(),
          ShownEvent.orNull(entry.actor()),
          ShownEvent.orNull(entry.region()),
          entry.page(),
          entry.flags(),
          entry.sinceNs(),
          entry.phase().name().toLowerCase(Locale.ROOT),
          entry.phase() == Moment.Phase.READ ? ShownEvent.orNull(entry.handler()) : null,
          entry.origin().id());
    }
  }

  /** {@return the queue of a moment} */
  public static QueueView of(Moment moment) {
    return new QueueView(
        moment.count(Moment.Phase.PENDING),
        moment.count(Moment.Phase.READ),
        moment.count(Moment.Phase.KERNEL),
        moment.queue().stream().limit(MAX_ENTRIES).map(Entry::of).toList());
  }
}
