package dev.faultscope.session.query;

import dev.faultscope.settings.Choice;
import dev.faultscope.timeline.Tally;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What two recordings are laid beside each other by. Each gives a recording's moments positions
 * that never fall; a position leads to a moment by a binary search.
 */
public enum Alignment {
  /** Nanoseconds since the recording's start; the moment of a position is the last at or before. */
  TIME(null),
  /** How many faults were queued; the moment of a position is where the last of them was. */
  FAULT(Tally.FAULTS),
  /** How many pages ioctls served; the moment of a position is the first that has so many. */
  PAGES(Tally.PAGES);

  /** What is counted, null for time. */
  private final @Nullable Tally tally;

  Alignment(@Nullable Tally tally) {
    this.tally = tally;
  }

  /** {@return the position of a moment} */
  public long positionOf(Timeline timeline, long moment) {
    if (tally != null) {
      return timeline.tally(tally, moment);
    }
    return moment == 0 ? 0 : timeline.event(moment).timeNs();
  }

  /** {@return the moment of a position, the last one where the recording does not reach it} */
  public long momentAt(Timeline timeline, long position) {
    if (tally == null) {
      return timeline.sequenceAt(position);
    }
    long moment = timeline.momentOf(tally, position);
    return moment < 0 ? timeline.lastSequence() : moment;
  }

  /** {@return the position of the recording's end} */
  public long endOf(Timeline timeline) {
    return positionOf(timeline, timeline.lastSequence());
  }

  /** {@return its name in a command line or address} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@return the alignment of a name}
   *
   * @throws IllegalArgumentException if there is none; the message names those there are
   */
  public static Alignment named(String id) {
    return Choice.of("align", List.of(values()), Alignment::id, id);
  }
}
