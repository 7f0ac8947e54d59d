package dev.faultscope.session.query;

import dev.faultscope.settings.Choice;
import dev.faultscope.timeline.Tally;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import java.util.Locale;

/**
 * What two recordings are laid beside each other by. Each gives a recording's moments positions
 * that never fall; a position leads to a moment by a binary search.
 */
public enum Alignment {
  /** Nanoseconds since the recording's start; the moment of a position is the last at or before. */
  TIME {
    @Override
    public long positionOf(Timeline timeline, long moment) {
      return moment == 0 ? 0 : timeline.event(moment).timeNs();
    }

    @Override
    public long momentAt(Timeline timeline, long position) {
      return timeline.sequenceAt(position);
    }
  },
  /** How many faults were queued; the moment of a position is where the last of them was. */
  FAULT {
    @Override
    public long positionOf(Timeline timeline, long moment) {
      return timeline.tally(Tally.FAULTS, moment);
    }

    @Override
    public long momentAt(Timeline timeline, long position) {
      return orLast(timeline, timeline.momentOf(Tally.FAULTS, position));
    }
  },
  /** How many pages ioctls served; the moment of a position is the first that has so many. */
  PAGES {
    @Override
    public long positionOf(Timeline timeline, long moment) {
      return timeline.tally(Tally.PAGES, moment);
    }

    @Override
    public long momentAt(Timeline timeline, long position) {
      return orLast(timeline, timeline.momentOf(Tally.PAGES, position));
    }
  };

  /** {@return the position of a moment} */
  public abstract long positionOf(Timeline timeline, long moment);

  /** {@return the moment of a position, the last one where the recording does not reach it} */
  public abstract long momentAt(Timeline timeline, long position);

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

  private static long orLast(Timeline timeline, long moment) {
    return moment < 0 ? timeline.lastSequence() : moment;
  }
}
