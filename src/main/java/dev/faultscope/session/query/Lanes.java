package dev.faultscope.session.query;

import dev.faultscope.timeline.ActivityWalk;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.List;

/**
 * What every actor did in a window of time: shares of every column of the picture, and the
 * stretches that are long enough to be seen by themselves.
 *
 * @param columns columns of the window
 * @param stretches whether stretches are told; a window with very many events has shares alone
 * @param lanes one per actor
 * @param queue how many faults waited
 * @param counts how many came, and pages that were served, by column
 */
public record Lanes(
    long fromNs,
    long toNs,
    int columns,
    boolean stretches,
    List<Drawn> lanes,
    Queue queue,
    LaneShares.Counts counts) {
  /** Most columns of a window. */
  public static final int MAX_PX = 4096;

  /** Shares are told in parts of so many. */
  public static final int WHOLE = 10_000;

  /** Events looked at one by one for stretches. */
  private static final int MAX_STRETCHED = 2_000_000;

  /**
   * An actor's lane.
   *
   * @param segments stretches of one activity that are at least as wide as a column, by time
   * @param shares runs of equal columns, seven numbers each: how many columns, and how many of
   *     {@value #WHOLE} parts the actor was running, blocked, handling and idle, waited for the
   *     kernel and was with its VMM; what is left is unknown
   * @param blocked share of the window's time, not rounded
   * @param kernel likewise, of the waits for the kernel itself
   */
  public record Drawn(
      int actor, List<Segment> segments, List<Integer> shares, double blocked, double kernel) {}

  /**
   * The fault queue, by column.
   *
   * @param mean faults that waited, over the column's time
   * @param max the most at once
   */
  public record Queue(List<Double> mean, List<Integer> max) {}

  /**
   * {@return what every actor did in a window}
   *
   * @param fromNs start of the window, at least 0
   * @param toNs end of the window, after its start
   * @param px columns, 1 to {@value #MAX_PX}
   */
  public static Lanes of(Timeline timeline, long fromNs, long toNs, int px) {
    return of(timeline, fromNs, toNs, px, MAX_STRETCHED);
  }

  static Lanes of(Timeline timeline, long fromNs, long toNs, int px, int maxStretched) {
    // The last event before the window, so that what begins right at its start is inside.
    long first = fromNs == 0 ? 0 : timeline.sequenceAt(fromNs - 1);
    boolean stretches = timeline.sequenceAt(toNs) - first <= maxStretched;
    ActivityWalk walk = timeline.activities(fromNs);
    List<Lane> lanes = stretches ? lanes(timeline, first, fromNs, toNs, px, walk) : List.of();
    long endNs = timeline.endNs();
    LaneShares shares = LaneShares.of(walk, endNs, fromNs, toNs, px);
    List<Drawn> drawn = new ArrayList<>();
    for (LaneShares.OfActor each : shares.actors()) {
      List<Segment> segments =
          stretches ? lanes.get(each.actor()).finish(Math.clamp(endNs, fromNs, toNs)) : List.of();
      drawn.add(
          new Drawn(
              each.actor(),
              segments,
              runs(shares, each),
              shareOf(each.blocked(), toNs - fromNs),
              shareOf(each.kernel(), toNs - fromNs)));
    }
    List<Double> mean =
        shares.queue().mean().stream()
            .map(depth -> Math.round(depth * WHOLE) / (double) WHOLE)
            .toList();
    return new Lanes(
        fromNs, toNs, px, stretches, drawn, new Queue(mean, shares.queue().max()), shares.counts());
  }

  private static List<Lane> lanes(
      Timeline timeline, long first, long fromNs, long toNs, int px, ActivityWalk walk) {
    List<Lane> lanes = new ArrayList<>();
    long leastNs = Math.max(1, Math.ceilDiv(toNs - fromNs, px));
    try (Cursor cursor = timeline.cursor()) {
      cursor.seek(first);
      List<Moment.Doing> doings = cursor.moment().actors();
      for (int actor = 0; actor < walk.actors(); actor++) {
        Moment.Doing doing =
            actor < doings.size()
                ? doings.get(actor)
                : new Moment.Doing(Moment.Activity.UNKNOWN, 0, 0);
        lanes.add(new Lane(timeline, doing.activity(), fromNs, doing.sequence(), leastNs));
      }
    }
    walk.onChange(
        (actor, to, sequence, timeNs) -> {
          if (actor < lanes.size()) {
            lanes.get(actor).change(timeNs, to, sequence);
          }
        });
    return lanes;
  }

  private static double shareOf(List<Long> columns, long whole) {
    return (double) columns.stream().mapToLong(ns -> ns).sum() / whole;
  }

  private static List<Integer> runs(LaneShares shares, LaneShares.OfActor lane) {
    List<Integer> runs = new ArrayList<>();
    List<Integer> open = List.of();
    int length = 0;
    for (int column = 0; column < shares.columns(); column++) {
      long width = shares.widthNs(column);
      int at = column;
      List<Integer> parts = lane.parts().stream().map(each -> part(each.get(at), width)).toList();
      if (length > 0 && !parts.equals(open)) {
        runs.add(length);
        runs.addAll(open);
        length = 0;
      }
      open = parts;
      length++;
    }
    runs.add(length);
    runs.addAll(open);
    return runs;
  }

  private static int part(long ns, long width) {
    return width == 0 ? 0 : (int) Math.round((double) ns / width * WHOLE);
  }
}
