package dev.faultscope.session.query;

import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Tally;
import dev.faultscope.timeline.Timeline;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two recordings at one position of an alignment.
 *
 * @param align an {@link Alignment}
 * @param at the position
 * @param nth of the events at that time so many have happened; null for all of them, and where
 *     recordings are not laid beside each other by time
 * @param end the last position: of time the later end; of counts one more than the longer
 *     recording's, where both are at their ends
 */
public record Beside(
    String align,
    long at,
    @Nullable Long nth,
    long end,
    Side left,
    Side right,
    Steps steps,
    PageDifference pages) {
  /**
   * One recording at the position.
   *
   * @param seq its moment
   * @param events it has by now
   * @param end its own last position
   * @param past whether the position is behind that: it stands at its end
   * @param waiting faults in its queue
   */
  public record Side(
      long seq,
      long events,
      long timeNs,
      long endNs,
      long end,
      boolean past,
      String narration,
      int waiting) {}

  /** A position to go to, as {@link Beside#at} and {@link Beside#nth}. */
  public record Place(long at, @Nullable Long nth) {
    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::at)
            .thenComparing(Place::nth, Comparator.nullsLast(Comparator.naturalOrder()));

    private static Place all(long at) {
      return new Place(at, null);
    }
  }

  /**
   * Where to go from the position; null where there is nothing.
   *
   * @param back the next position before it at which either recording is at another event
   * @param faultBack the next position before it at which a fault was queued in either
   */
  public record Steps(
      @Nullable Place back,
      @Nullable Place forward,
      @Nullable Place faultBack,
      @Nullable Place faultForward) {}

  /**
   * {@return both at a position}
   *
   * @param at at least 0
   */
  public static Beside of(Timeline left, Timeline right, Alignment align, long at) {
    return of(left, right, align, Place.all(at));
  }

  /** {@return both at a position} */
  public static Beside of(Timeline left, Timeline right, Alignment align, Place place) {
    try (Cursor first = left.cursor();
        Cursor second = right.cursor()) {
      Side one = side(left, first, align, place);
      Side other = side(right, second, align, place);
      return new Beside(
          align.id(),
          place.at(),
          place.nth(),
          endOf(left, right, align),
          one,
          other,
          align == Alignment.TIME
              ? new InTime(left, right, place).steps()
              : steps(left, one, right, other, align, place.at()),
          PageDifference.of(left, first, right, second));
    }
  }

  /** {@return the last position} */
  public static long endOf(Timeline left, Timeline right, Alignment align) {
    long longer = Math.max(align.endOf(left), align.endOf(right));
    return align == Alignment.TIME ? longer : longer + 1;
  }

  /** {@return the position of a moment of one of two recordings} */
  public static Place placeOf(Timeline timeline, Timeline beside, Alignment align, long moment) {
    long at = align.positionOf(timeline, moment);
    return align == Alignment.TIME
        ? place(timeline, beside, at, moment - InTime.before(timeline, at))
        : Place.all(at);
  }

  /** So many events of a time; all of them where neither recording has more. */
  private static Place place(Timeline left, Timeline right, long at, long nth) {
    long most = Math.max(InTime.count(left, at), InTime.count(right, at));
    return nth > 0 && nth >= most ? Place.all(at) : new Place(at, nth);
  }

  private static Side side(Timeline timeline, Cursor cursor, Alignment align, Place place) {
    long end = align.endOf(timeline);
    boolean past = place.at() > end;
    cursor.seek(past ? timeline.lastSequence() : momentAt(timeline, align, place));
    Moment moment = cursor.moment();
    return new Side(
        cursor.position(),
        timeline.lastSequence(),
        moment.timeNs(),
        timeline.endNs(),
        end,
        past,
        cursor.position() == 0
            ? "Before the first event."
            : new Narrator(timeline).tell(cursor.event(), moment),
        moment.queue().size());
  }

  private static long momentAt(Timeline timeline, Alignment align, Place place) {
    long last = align.momentAt(timeline, place.at());
    Long nth = place.nth();
    return nth == null || align != Alignment.TIME
        ? last
        : Math.min(last, InTime.before(timeline, place.at()) + nth);
  }

  private static Steps steps(
      Timeline left, Side one, Timeline right, Side other, Alignment align, long at) {
    long end = endOf(left, right, align);
    return new Steps(
        at > 0 ? Place.all(at - 1) : null,
        at < end ? Place.all(at + 1) : null,
        greatest(previousFault(left, align, at), previousFault(right, align, at)),
        least(nextFault(left, one, align, at), nextFault(right, other, align, at)));
  }

  /** The first fault at a greater position: behind the first moment that has one. */
  private static @Nullable Place nextFault(Timeline timeline, Side side, Alignment align, long at) {
    if (side.past() || at >= side.end()) {
      return null;
    }
    long first = align.momentAt(timeline, at + 1);
    long fault = timeline.momentOf(Tally.FAULTS, timeline.tally(Tally.FAULTS, first - 1) + 1);
    return fault < 0 ? null : Place.all(align.positionOf(timeline, fault));
  }

  /** The last fault at a smaller position. */
  private static @Nullable Place previousFault(Timeline timeline, Alignment align, long at) {
    if (at == 0) {
      return null;
    }
    long last =
        at > align.endOf(timeline) ? timeline.lastSequence() : align.momentAt(timeline, at) - 1;
    long faults = timeline.tally(Tally.FAULTS, last);
    return faults == 0
        ? null
        : Place.all(align.positionOf(timeline, timeline.momentOf(Tally.FAULTS, faults)));
  }

  private static @Nullable Place least(@Nullable Place one, @Nullable Place other) {
    return Stream.of(one, other).filter(Objects::nonNull).min(Place.ORDER).orElse(null);
  }

  private static @Nullable Place greatest(@Nullable Place one, @Nullable Place other) {
    return Stream.of(one, other).filter(Objects::nonNull).max(Place.ORDER).orElse(null);
  }

  /**
   * A position in time. Events at one time are taken one by one, in their order on each side; a
   * side that has fewer of them waits for the other.
   */
  private record InTime(Timeline left, Timeline right, Place place) {
    /** {@return the last moment before a time} */
    static long before(Timeline timeline, long timeNs) {
      return timeNs == 0 ? 0 : timeline.sequenceAt(timeNs - 1);
    }

    /** {@return how many events a recording has at a time} */
    static long count(Timeline timeline, long timeNs) {
      return timeline.sequenceAt(timeNs) - before(timeline, timeNs);
    }

    Steps steps() {
      long at = place.at();
      long most = Math.max(count(left, at), count(right, at));
      Long nth = place.nth();
      long done = nth == null ? most : Math.min(nth, most);
      return new Steps(
          done > 1 ? placed(at, done - 1) : back(at, done),
          done < most ? placed(at, done + 1) : least(next(left, at), next(right, at)),
          greatest(previousFault(left, done), previousFault(right, done)),
          least(nextFault(left, done), nextFault(right, done)));
    }

    private Place placed(long at, long nth) {
      return Beside.place(left, right, at, nth);
    }

    private @Nullable Place back(long at, long done) {
      Place earlier = greatest(previous(left, at), previous(right, at));
      return earlier != null || (at == 0 && done == 0) ? earlier : new Place(0, 0L);
    }

    private @Nullable Place previous(Timeline timeline, long at) {
      long moment = before(timeline, at);
      return moment == 0 ? null : Place.all(timeline.event(moment).timeNs());
    }

    private @Nullable Place next(Timeline timeline, long at) {
      long moment = timeline.sequenceAt(at) + 1;
      return moment > timeline.lastSequence() ? null : placed(timeline.event(moment).timeNs(), 1);
    }

    private @Nullable Place nextFault(Timeline timeline, long done) {
      long now = Math.min(timeline.sequenceAt(place.at()), before(timeline, place.at()) + done);
      return fault(timeline, timeline.tally(Tally.FAULTS, now) + 1);
    }

    private @Nullable Place previousFault(Timeline timeline, long done) {
      long at = place.at();
      long earlier = before(timeline, at) + Math.min(count(timeline, at), Math.max(0, done - 1));
      return fault(timeline, timeline.tally(Tally.FAULTS, earlier));
    }

    private @Nullable Place fault(Timeline timeline, long number) {
      long moment = number == 0 ? -1 : timeline.momentOf(Tally.FAULTS, number);
      if (moment < 0) {
        return null;
      }
      long at = timeline.event(moment).timeNs();
      return placed(at, moment - before(timeline, at));
    }
  }
}
