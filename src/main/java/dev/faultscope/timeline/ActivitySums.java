package dev.faultscope.timeline;

import dev.faultscope.timeline.Moment.Activity;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each actor did with its time, how many faults waited and what was done for them, summed
 * event by event.
 */
final class ActivitySums {
  /** Activities that are summed; what is left of the time is {@link Activity#UNKNOWN}. */
  static final int SUMMED = Activity.values().length - 1;

  private static final List<Activity> ACTIVITIES = List.of(Activity.values());

  private Fold fold;
  private long[] spent = new long[8 * SUMMED];
  private long[] since = new long[8];
  private long depthNs;
  private long depthSince;
  private long queued;
  private long served;
  private int most;
  private ActivityWalk.@Nullable Changes told;

  /**
   * Begins to count.
   *
   * @param fold what was so then; it is the sums' own from now on
   * @param timeNs when that is
   */
  ActivitySums(Fold fold, long timeNs) {
    this.fold = fold;
    goOn(fold, timeNs);
  }

  /** Goes on from another moment; what was summed stays. */
  void goOn(Fold from, long timeNs) {
    fold = from;
    room(from.actors());
    Arrays.fill(since, timeNs);
    depthSince = timeNs;
    most = Math.max(most, from.depth());
  }

  /** {@return the time of the last event} */
  long timeNs() {
    return fold.timeNs();
  }

  void onChange(ActivityWalk.Changes changes) {
    told = changes;
  }

  boolean isWatched() {
    return told != null;
  }

  long position() {
    return fold.position();
  }

  private void apply(long sequence, long time, long pages, long change, long who) {
    int actor = Records.actor(who);
    boolean known = actor < fold.actors();
    int was = known ? fold.activityOf(actor) : 0;
    long wasMadeBy = known ? fold.madeBy(actor) : 0;
    int depth = fold.depth();
    fold.apply(sequence, time, pages, change, who);
    if (actor < fold.actors()) {
      room(fold.actors());
      if (fold.activityOf(actor) != was) {
        spend(actor, was, time);
      }
      if (told != null && fold.madeBy(actor) != wasMadeBy) {
        told.changed(actor, ACTIVITIES.get(fold.activityOf(actor)), sequence, time);
      }
    }
    if (fold.depth() != depth) {
      depthNs += depth * (time - depthSince);
      depthSince = time;
      most = Math.max(most, fold.depth());
    }
    queued += Tally.FAULTS.of(pages, who);
    served += Tally.PAGES.of(pages, who);
  }

  /** Takes in the events up to one. */
  void foldTo(long last, RecordWindow window) {
    while (fold.position() < last) {
      long next = fold.position() + 1;
      int n = window.ahead(next, last);
      int at = window.at(next);
      long[] records = window.records();
      for (int i = 0; i < n; i++, at += Records.LONGS) {
        apply(next + i, records[at], records[at + 1], records[at + 2], records[at + 3]);
      }
    }
  }

  /** Sums up everything to a time, not before the last event. */
  void settle(long timeNs) {
    for (int actor = 0; actor < fold.actors(); actor++) {
      spend(actor, fold.activityOf(actor), timeNs);
    }
    depthNs += fold.depth() * (timeNs - depthSince);
    depthSince = timeNs;
  }

  /** Adds what was summed elsewhere from one moment to another. */
  void add(Sum from, Sum to) {
    room(to.spent.length / SUMMED);
    for (int i = 0; i < to.spent.length; i++) {
      spent[i] += to.spent[i] - (i < from.spent.length ? from.spent[i] : 0);
    }
    depthNs += to.depthNs - from.depthNs;
    queued += to.queued - from.queued;
    served += to.served - from.served;
  }

  /** Notes that the queue was so deep. */
  void reached(int depth) {
    most = Math.max(most, depth);
  }

  /** {@return nanoseconds of an actor so far; call {@link #settle} first} */
  long spentNs(int actor, Activity activity) {
    int at = actor * SUMMED + activity.ordinal() - 1;
    return at < spent.length ? spent[at] : 0;
  }

  /** {@return faults that waited times nanoseconds, so far} */
  long depthNs() {
    return depthNs;
  }

  /** {@return faults that were queued, so far} */
  long queued() {
    return queued;
  }

  /** {@return pages of filling ioctls that succeeded, so far} */
  long served() {
    return served;
  }

  /** {@return how deep the queue got since the last call} */
  int takeMost() {
    int was = most;
    most = fold.depth();
    return was;
  }

  /** {@return a copy of the sums so far} */
  Sum sum() {
    return new Sum(
        fold.position(),
        fold.timeNs(),
        Arrays.copyOf(spent, fold.actors() * SUMMED),
        depthNs,
        queued,
        served,
        most);
  }

  /**
   * Sums from the start to a moment.
   *
   * @param timeNs its time
   * @param spent by actor, then activity
   * @param most how deep the queue got since the sum before
   */
  record Sum(
      long moment, long timeNs, long[] spent, long depthNs, long queued, long served, int most) {}

  private void spend(int actor, int activity, long timeNs) {
    if (activity > 0) {
      spent[actor * SUMMED + activity - 1] += timeNs - since[actor];
    }
    since[actor] = timeNs;
  }

  private void room(int actors) {
    if (actors > since.length) {
      int size = Math.max(actors, since.length * 2);
      spent = Arrays.copyOf(spent, size * SUMMED);
      since = Arrays.copyOf(since, size);
    }
  }
}
