package dev.faultscope.session.query;

import dev.faultscope.timeline.ActivityWalk;
import dev.faultscope.timeline.Moment.Activity;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.List;

/**
 * How each actor's time was shared out in the equal columns of a window, and how many faults
 * waited, came and were answered. Exact in every column, however many events it has: what a picture
 * of the window shows.
 *
 * @param columns columns of the window; their widths differ by at most 1 ns
 * @param actors one per actor, by index
 * @param queue the fault queue
 * @param counts what happened in each column
 */
public record LaneShares(
    long fromNs, long toNs, int columns, List<OfActor> actors, OfQueue queue, Counts counts) {

  /**
   * Nanoseconds of an actor in each column. What is left of a column is unknown: the recording does
   * not tell, or has ended.
   */
  public record OfActor(
      int actor,
      List<Long> running,
      List<Long> blocked,
      List<Long> handling,
      List<Long> idle,
      List<Long> kernel,
      List<Long> vmm) {
    private static OfActor empty(int actor) {
      return new OfActor(
          actor,
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }

    /** {@return nanoseconds of what it may be known to do, in each column} */
    public List<List<Long>> parts() {
      return List.of(running, blocked, handling, idle, kernel, vmm);
    }

    /** {@return nanoseconds of a column that something is known of} */
    public long known(int column) {
      return parts().stream().mapToLong(part -> part.get(column)).sum();
    }
  }

  /**
   * Faults that waited, in each column.
   *
   * @param mean over the column's time, 0 behind the recording's end
   * @param max the most at once
   */
  public record OfQueue(List<Double> mean, List<Integer> max) {}

  /**
   * What happened in each column; over the whole recording they add up to the statistics.
   *
   * @param faults that were queued: those of the statistics, unread ones too
   * @param pages of the filling ioctls that returned success
   */
  public record Counts(List<Long> faults, List<Long> pages) {}

  /**
   * {@return the shares of a window}
   *
   * @param fromNs start of the window, at least 0
   * @param toNs end of the window, after its start
   * @param columns at least 1
   */
  public static LaneShares of(Timeline timeline, long fromNs, long toNs, int columns) {
    return of(timeline.activities(fromNs), timeline.endNs(), fromNs, toNs, columns);
  }

  static LaneShares of(ActivityWalk walk, long endNs, long fromNs, long toNs, int columns) {
    List<OfActor> actors = new ArrayList<>();
    for (int actor = 0; actor < walk.actors(); actor++) {
      actors.add(OfActor.empty(actor));
    }
    TimeColumns edges = new TimeColumns(fromNs, toNs, columns);
    List<Double> mean = new ArrayList<>(columns);
    List<Integer> max = new ArrayList<>(columns);
    List<Long> faults = new ArrayList<>(columns);
    List<Long> pages = new ArrayList<>(columns);
    for (int column = 0; column < columns; column++) {
      long start = edges.edge(column);
      long end = edges.edge(column + 1);
      // Nobody knows what happened after the last event.
      long known = Math.clamp(endNs, start, end);
      walk.to(known);
      for (OfActor each : actors) {
        each.running.add(walk.spentNs(each.actor, Activity.RUNNING));
        each.blocked.add(walk.spentNs(each.actor, Activity.BLOCKED));
        each.handling.add(walk.spentNs(each.actor, Activity.HANDLING));
        each.idle.add(walk.spentNs(each.actor, Activity.IDLE));
        each.kernel.add(walk.spentNs(each.actor, Activity.KERNEL));
        each.vmm.add(walk.spentNs(each.actor, Activity.VMM));
      }
      mean.add(end == start ? 0.0 : (double) walk.depthNs() / (end - start));
      faults.add(walk.queued());
      pages.add(walk.served());
      max.add(known == start && column > 0 ? 0 : walk.mostWaiting());
    }
    return new LaneShares(
        fromNs, toNs, columns, actors, new OfQueue(mean, max), new Counts(faults, pages));
  }

  /** {@return how wide a column is, in nanoseconds} */
  public long widthNs(int column) {
    TimeColumns edges = new TimeColumns(fromNs, toNs, columns);
    return edges.edge(column + 1) - edges.edge(column);
  }
}
