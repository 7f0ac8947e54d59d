package dev.faultscope.session;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.ActivityWalk;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Moment.Activity;
import dev.faultscope.timeline.Recovery;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.StateCodes;
import dev.faultscope.timeline.Tally;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.timeline.Waits;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Stands for a recording whose import has not found out yet what it holds. */
public final class EmptyTimeline implements Timeline {
  private final TimelineInfo info;

  public EmptyTimeline(String title) {
    info = new TimelineInfo(title, "", 0);
  }

  @Override
  public TimelineInfo info() {
    return info;
  }

  @Override
  public Recovery recovery() {
    return new Recovery(false, 0, 0, "");
  }

  @Override
  public List<Region> regions() {
    return List.of();
  }

  @Override
  public List<Actor> actors() {
    return List.of();
  }

  @Override
  public List<Bookmark> bookmarks() {
    return List.of();
  }

  @Override
  public List<String> notes() {
    return List.of();
  }

  @Override
  public @Nullable KernelProfile kernel() {
    return null;
  }

  @Override
  public StateCodes codes() {
    return StateCodes.NONE;
  }

  @Override
  public long lastSequence() {
    return 0;
  }

  @Override
  public long endNs() {
    return 0;
  }

  @Override
  public boolean isComplete() {
    return false;
  }

  @Override
  public Event event(long sequence) {
    throw new IndexOutOfBoundsException("there is no event " + sequence + " yet");
  }

  @Override
  public List<Content> contents(long sequence) {
    throw new IndexOutOfBoundsException("there is no event " + sequence);
  }

  @Override
  public void copyRecords(long first, int count, byte[] into, int at) {
    if (count != 0) {
      throw new IndexOutOfBoundsException("there is no event " + first + " yet");
    }
  }

  @Override
  public long sequenceAt(long timeNs) {
    return 0;
  }

  @Override
  public long tally(Tally of, long moment) {
    return 0;
  }

  @Override
  public long momentOf(Tally of, long count) {
    return count <= 0 ? 0 : -1;
  }

  @Override
  public Search search() {
    throw new IllegalStateException("there is nothing to search yet: lastSequence() is 0");
  }

  @Override
  public Cursor cursor() {
    return new AtNothing();
  }

  @Override
  public Waits waits() {
    return Waits.none(this);
  }

  @Override
  public Waits waits(LongPredicate wanted, LongPredicate ended) {
    return Waits.none(this);
  }

  @Override
  public ActivityWalk activities(long fromNs) {
    return new Nothing();
  }

  @Override
  public void close() {}

  private static final class Nothing implements ActivityWalk {
    @Override
    public void onChange(Changes told) {}

    @Override
    public int actors() {
      return 0;
    }

    @Override
    public void to(long toNs) {}

    @Override
    public long spentNs(int actor, Activity activity) {
      throw new IndexOutOfBoundsException("there is no actor " + actor + " yet");
    }

    @Override
    public long depthNs() {
      return 0;
    }

    @Override
    public long queued() {
      return 0;
    }

    @Override
    public long served() {
      return 0;
    }

    @Override
    public int mostWaiting() {
      return 0;
    }
  }

  private static final class AtNothing implements Cursor {
    @Override
    public long position() {
      return 0;
    }

    @Override
    public Event event() {
      throw new IllegalStateException("no event made moment 0");
    }

    @Override
    public void seek(long moment) {
      if (moment != 0) {
        throw new IndexOutOfBoundsException("there is no moment " + moment + " yet");
      }
    }

    @Override
    public boolean next() {
      return false;
    }

    @Override
    public boolean previous() {
      return false;
    }

    @Override
    public int state(int region, int page) {
      throw new IndexOutOfBoundsException("there is no region " + region + " yet");
    }

    @Override
    public void states(int region, int firstPage, int count, char[] into, int at) {
      throw new IndexOutOfBoundsException("there is no region " + region + " yet");
    }

    @Override
    public boolean isUntouched(int region, int firstPage, int count) {
      return true;
    }

    @Override
    public Moment moment() {
      return new Moment(0, 0, List.of(), List.of());
    }

    @Override
    public void onChange(PageChangeListener listener) {}

    @Override
    public void close() {}
  }
}
