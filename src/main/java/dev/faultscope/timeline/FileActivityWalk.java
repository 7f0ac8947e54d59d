package dev.faultscope.timeline;

import dev.faultscope.timeline.Moment.Activity;
import java.util.List;

/** Walks a recording's file; stretches of many events are passed in strides, by their sums. */
final class FileActivityWalk implements ActivityWalk {
  private static final List<Activity> ACTIVITIES = List.of(Activity.values());

  private final FileTimeline timeline;
  private final ActivityIndex index;
  private final MomentFolder folder;
  private final RecordWindow window;
  private final ActivitySums sums;
  private final long[] before;
  private final int actors;
  private long depthBefore;
  private long queuedBefore;
  private long servedBefore;
  private int most;

  FileActivityWalk(
      FileTimeline timeline,
      EventStore store,
      Declarations declarations,
      ActivityIndex index,
      long fromNs) {
    this.timeline = timeline;
    this.index = index;
    actors = declarations.actorCount();
    before = new long[actors * ActivitySums.SUMMED];
    folder = new MomentFolder(store, declarations);
    window = new RecordWindow(store);
    sums = new ActivitySums(folder.at(before(fromNs)).copy(), fromNs);
  }

  @Override
  public void onChange(Changes told) {
    sums.onChange(told);
  }

  @Override
  public int actors() {
    return actors;
  }

  @Override
  public void to(long toNs) {
    mark();
    long target = lastTo(toNs);
    if (!sums.isWatched() && target - sums.position() > 2 * index.stride()) {
      stride(target);
    }
    sums.foldTo(target, window);
    sums.settle(toNs);
    most = sums.takeMost();
  }

  @Override
  public long spentNs(int actor, Activity activity) {
    if (activity == Activity.UNKNOWN) {
      throw new IllegalArgumentException("what is unknown is what is left");
    }
    return sums.spentNs(actor, activity) - before[slot(actor, activity)];
  }

  @Override
  public long depthNs() {
    return sums.depthNs() - depthBefore;
  }

  @Override
  public long queued() {
    return sums.queued() - queuedBefore;
  }

  @Override
  public long served() {
    return sums.served() - servedBefore;
  }

  @Override
  public int mostWaiting() {
    return most;
  }

  /** {@return the last event before a time} */
  private long before(long timeNs) {
    return timeNs == 0 ? 0 : timeline.sequenceAt(timeNs - 1);
  }

  /** {@return the last event of the stretch to a time: nothing comes after the recording's end} */
  private long lastTo(long timeNs) {
    return timeNs >= timeline.endNs() ? timeline.sequenceAt(timeNs) : before(timeNs);
  }

  private static int slot(int actor, Activity activity) {
    return actor * ActivitySums.SUMMED + activity.ordinal() - 1;
  }

  private void mark() {
    for (int actor = 0; actor < actors; actor++) {
      for (Activity activity : ACTIVITIES.subList(1, ACTIVITIES.size())) {
        before[slot(actor, activity)] = sums.spentNs(actor, activity);
      }
    }
    depthBefore = sums.depthNs();
    queuedBefore = sums.queued();
    servedBefore = sums.served();
  }

  /** Passes whole strides by what was summed over them before. */
  private void stride(long target) {
    List<ActivitySums.Sum> marks = index.between(sums.position() + 1, target);
    if (marks.size() < 2) {
      return;
    }
    ActivitySums.Sum first = marks.getFirst();
    ActivitySums.Sum last = marks.getLast();
    sums.foldTo(first.moment(), window);
    sums.settle(first.timeNs());
    sums.add(first, last);
    marks.subList(1, marks.size()).forEach(mark -> sums.reached(mark.most()));
    sums.goOn(folder.at(last.moment()).copy(), last.timeNs());
  }
}
