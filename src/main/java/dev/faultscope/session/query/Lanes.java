package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every actor did in a window of time.
 *
 * @param approximate whether the window holds too many events to look at each: the lanes are drawn
 *     from moments at even distances, and short activities between them are missing
 * @param lanes one per actor
 * @param depth how many faults waited; one step may stand for several moments and shows the deepest
 */
public record Lanes(
    long fromNs, long toNs, boolean approximate, List<Drawn> lanes, List<Depth> depth) {
  /** Events looked at one by one. */
  public static final int MAX_EXACT = 2_000_000;

  /** Most cells of a window. */
  public static final int MAX_PX = 4096;

  /** Moments looked at in a window with more events than {@link #MAX_EXACT}. */
  private static final int SAMPLES = 200;

  /** An actor's lane. */
  public record Drawn(int actor, List<Segment> segments) {}

  /** How deep the queue got from a time to a time. */
  public record Depth(long fromNs, long toNs, int max) {}

  /**
   * {@return what every actor did in a window}
   *
   * @param fromNs start of the window, at least 0
   * @param toNs end of the window, after its start
   * @param px most segments of a lane, 1 to {@value #MAX_PX}
   */
  public static Lanes of(Timeline timeline, long fromNs, long toNs, int px) {
    return of(timeline, fromNs, toNs, px, MAX_EXACT);
  }

  static Lanes of(Timeline timeline, long fromNs, long toNs, int px, int maxExact) {
    // The last event before the window, so that what begins right at its start is inside.
    long first = fromNs == 0 ? 0 : timeline.sequenceAt(fromNs - 1);
    long last = timeline.sequenceAt(toNs);
    int actors = timeline.actors().size();
    try (Cursor cursor = timeline.cursor()) {
      cursor.seek(first);
      Drawing drawing = new Drawing(timeline, cursor.moment(), fromNs, toNs, px, actors);
      if (last - first <= maxExact) {
        drawing.exact(first, last);
      } else {
        drawing.sampled(cursor, first, last);
      }
      return new Lanes(
          fromNs,
          toNs,
          last - first > maxExact,
          // Nobody knows what happened after the last event.
          drawing.lanes(Math.clamp(timeline.endNs(), fromNs, toNs)),
          drawing.depth.finish());
    }
  }

  private static final class Drawing {
    final Timeline timeline;
    final Moment start;
    final Lane[] lanes;
    final DepthSeries depth;

    Drawing(Timeline timeline, Moment start, long fromNs, long toNs, int px, int actors) {
      this.timeline = timeline;
      this.start = start;
      lanes = new Lane[actors];
      for (int actor = 0; actor < actors; actor++) {
        Moment.Doing doing = doing(start, actor);
        lanes[actor] =
            new Lane(
                doing.activity(),
                fromNs,
                doing.sequence(),
                about(doing.sequence()),
                toNs - fromNs,
                px);
      }
      depth = new DepthSeries(fromNs, toNs, px, start.queue().size());
    }

    void exact(long first, long last) {
      ActivityFold fold = new ActivityFold(start, lanes.length);
      for (long at = first + 1; at <= last; at++) {
        Event event = timeline.event(at);
        int before = fold.depth();
        fold.apply(event, (actor, to, by) -> lanes[actor].change(by.timeNs(), to, by));
        if (fold.depth() != before) {
          depth.at(event.timeNs(), fold.depth());
        }
      }
    }

    void sampled(Cursor cursor, long first, long last) {
      long[] seen = new long[lanes.length];
      for (int actor = 0; actor < lanes.length; actor++) {
        seen[actor] = doing(start, actor).sequence();
      }
      for (int sample = 1; sample <= SAMPLES; sample++) {
        cursor.seek(first + (last - first) * sample / SAMPLES);
        Moment moment = cursor.moment();
        depth.at(moment.timeNs(), moment.queue().size());
        for (int actor = 0; actor < lanes.length; actor++) {
          Moment.Doing doing = doing(moment, actor);
          if (doing.sequence() != seen[actor] && doing.sequence() > 0) {
            seen[actor] = doing.sequence();
            Event event = timeline.event(doing.sequence());
            lanes[actor].change(event.timeNs(), doing.activity(), event);
          }
        }
      }
    }

    List<Drawn> lanes(long toNs) {
      List<Drawn> drawn = new ArrayList<>();
      for (int actor = 0; actor < lanes.length; actor++) {
        drawn.add(new Drawn(actor, lanes[actor].finish(toNs)));
      }
      return drawn;
    }

    private @Nullable Event about(long sequence) {
      if (sequence == 0) {
        return null;
      }
      Event event = timeline.event(sequence);
      return event.hasPages() ? event : null;
    }

    private static Moment.Doing doing(Moment moment, int actor) {
      return actor < moment.actors().size()
          ? moment.actors().get(actor)
          : new Moment.Doing(Moment.Activity.UNSEEN, 0, 0);
    }
  }
}
