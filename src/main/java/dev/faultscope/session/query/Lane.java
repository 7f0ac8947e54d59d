package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.timeline.Moment.Activity;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stretches of one actor's lane that are long enough to be seen by themselves. */
final class Lane {
  private final Timeline timeline;
  private final long leastNs;
  private final List<Segment> segments = new ArrayList<>();
  private Activity activity;
  private long sinceNs;
  private long sequence;

  /**
   * Starts with what an actor does at the window's start.
   *
   * @param sequence the event that made it so, 0 where none did
   * @param leastNs length of the shortest stretch that is kept, at least 1
   */
  Lane(Timeline timeline, Activity activity, long fromNs, long sequence, long leastNs) {
    this.timeline = timeline;
    this.activity = activity;
    this.sinceNs = fromNs;
    this.sequence = sequence;
    this.leastNs = leastNs;
  }

  /** Ends the activity so far and begins another. */
  void change(long timeNs, Activity to, long by) {
    close(timeNs);
    activity = to;
    sinceNs = timeNs;
    sequence = by;
  }

  List<Segment> finish(long toNs) {
    close(toNs);
    return segments;
  }

  private void close(long timeNs) {
    if (activity == Activity.UNKNOWN || timeNs - sinceNs < leastNs) {
      return;
    }
    Event about = about();
    segments.add(
        new Segment(
            sinceNs,
            timeNs,
            DoingView.word(activity),
            sequence,
            about == null ? null : ShownEvent.orNull(about.region()),
            about == null ? null : about.firstPage()));
  }

  private @Nullable Event about() {
    if (sequence == 0) {
      return null;
    }
    Event event = timeline.event(sequence);
    return event.hasPages() ? event : null;
  }
}
