package dev.faultscope.session;

import dev.faultscope.model.Counted;
import dev.faultscope.model.Event;
import dev.faultscope.model.Region;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.query.DoingView;
import dev.faultscope.session.query.MomentView;
import dev.faultscope.session.query.Narrator;
import dev.faultscope.session.query.QueueView;
import dev.faultscope.session.query.ShownEvent;
import dev.faultscope.session.run.Run;
import dev.faultscope.session.run.RunCommand;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.EventPredicate;
import dev.faultscope.timeline.Moment;
import dev.faultscope.timeline.Search;
import dev.faultscope.timeline.SearchResult;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.query.QueryException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One viewer's walk through a recording: a cursor of its own, and what it does by itself (playing,
 * following). Not safe for several threads: {@link ExplorationThread} drives it.
 */
final class Exploration implements MomentSnapshot, AutoCloseable {
  /** Between two pictures while playing. */
  private static final long FRAME_NS = 16_000_000L;

  /** Between two looks at a recording that is imported. */
  private static final long GROWTH_NS = 100_000_000L;

  /** Between two looks where nothing is to be expected. */
  private static final long IDLE_NS = 1_000_000_000L;

  private final Session session;
  private final Viewer viewer;
  private final LongSupplier nanoTime;
  private final long scanLimit;
  private Timeline timeline;
  private Cursor cursor;
  private @Nullable Playback playback;
  private boolean following;
  private long passed;

  /** A moment asked for that the growing recording does not have yet; -1 for none. */
  private long wanted = -1;

  /** Where the run was last seen stopped; who follows it is taken there once. */
  private Breakpoints.@Nullable Stop stoppedAt;

  Exploration(Session session, Viewer viewer, LongSupplier nanoTime) {
    this(session, viewer, nanoTime, Search.SCAN_LIMIT);
  }

  /**
   * A walk that looks no further at once than it is told.
   *
   * @param scanLimit events that one search examines at most, about
   */
  Exploration(Session session, Viewer viewer, LongSupplier nanoTime, long scanLimit) {
    this.scanLimit = scanLimit;
    this.session = session;
    this.viewer = viewer;
    this.nanoTime = nanoTime;
    timeline = session.timeline();
    cursor = timeline.cursor();
  }

  /**
   * Goes to the first moment to show.
   *
   * @param painted the moment the viewer has painted already, -1 for none
   * @param first the moment to show
   */
  void start(long painted, long first) {
    if (painted >= 0 && painted <= timeline.lastSequence()) {
      cursor.seek(painted);
    }
    cursor.onChange(viewer::pagesChanged);
    go(first);
  }

  /** Carries out a command; what cannot be carried out is told and changes nothing. */
  void execute(Command command) {
    switch (command) {
      case Command.Seek(long seq) -> {
        if (seq < 0) {
          viewer.failed("out-of-range", "there is no moment " + seq, -1);
        } else {
          halt();
          go(seq);
        }
      }
      case Command.SeekTime(long timeNs) -> {
        halt();
        go(timeNs < 0 ? 0 : timeline.sequenceAt(timeNs));
      }
      case Command.Step step -> {
        halt();
        step(step);
      }
      case Command.Find find -> find(find);
      case Command.Play(Pace pace) -> {
        halt();
        playback = new Playback(pace, timeline, cursor.position(), nanoTime.getAsLong());
      }
      case Command.Pause _ -> halt();
      case Command.Follow(boolean on) -> {
        halt();
        following = on;
        grow();
      }
    }
  }

  /** Does what is due by itself, then lets the viewer show the moment. */
  void turn() {
    if (session.isRetired()) {
      viewer.ended();
      return;
    }
    adopt();
    if (viewer.isReady()) {
      grow();
      play();
    }
    viewer.turn(this);
  }

  /** {@return how long it may sleep if nobody says anything, in nanoseconds} */
  long sleepNs() {
    Playback playing = playback;
    if (playing != null && viewer.isReady()) {
      return playing.nextTickNs(timeline, cursor.position(), FRAME_NS);
    }
    boolean looks = session.isLoading() || !timeline.isComplete();
    return looks && !session.announcesGrowth() ? GROWTH_NS : IDLE_NS;
  }

  /** Tells the viewer that nothing more will come. */
  void abandon() {
    viewer.failed(
        "ended", "The exploration met an error it did not expect; its log says which.", -1);
    viewer.ended();
  }

  private void adopt() {
    Timeline now = session.timeline();
    if (now != timeline) {
      cursor.close();
      timeline = now;
      cursor = now.cursor();
      cursor.onChange(viewer::pagesChanged);
      viewer.allChanged();
    }
  }

  private void grow() {
    long last = timeline.lastSequence();
    if (wanted >= 0 && (wanted <= last || !session.isLoading())) {
      go(wanted);
    }
    if (following && isTakenToStop()) {
      return;
    }
    if (following && last > cursor.position()) {
      passed += last - cursor.position();
      cursor.seek(last);
    }
  }

  /**
   * A breakpoint stopped what is followed: the event that met it is shown, not what the same step
   * did after it.
   */
  private boolean isTakenToStop() {
    Run run = session.run();
    Breakpoints.Stop stop = run == null ? null : run.status().stop();
    boolean isNew = stop != null && !stop.equals(stoppedAt);
    stoppedAt = stop;
    if (stop == null || !isNew) {
      return false;
    }
    halt();
    go(stop.seq());
    return true;
  }

  private void play() {
    Playback playing = playback;
    if (playing == null) {
      return;
    }
    long target = playing.tick(timeline, nanoTime.getAsLong());
    long position = cursor.position();
    // A playhead that was put between two events never runs against the direction of playing.
    target = playing.isForward() ? Math.max(target, position) : Math.min(target, position);
    passed += Math.abs(target - position);
    move(target);
    boolean atEnd =
        playing.isForward()
            ? target == timeline.lastSequence() && !session.isLoading()
            : target == 0;
    if (atEnd) {
      playback = null;
    }
  }

  private void halt() {
    playback = null;
    following = false;
    wanted = -1;
  }

  private void go(long seq) {
    long last = timeline.lastSequence();
    wanted = seq > last && session.isLoading() ? seq : -1;
    passed++;
    move(Math.min(seq, last));
  }

  private void move(long seq) {
    if (seq == cursor.position() + 1) {
      cursor.next();
    } else if (seq == cursor.position() - 1) {
      cursor.previous();
    } else if (seq != cursor.position()) {
      cursor.seek(seq);
    }
  }

  private void step(Command.Step step) {
    if (goesOn(step)) {
      return;
    }
    long position = cursor.position();
    long target =
        switch (step.unit()) {
          case EVENT -> Math.clamp(position + step.by(), 0, timeline.lastSequence());
          case FAULT -> stepTo(step.by(), new EventFinder.Fault());
          case PAGE ->
              stepTo(
                  step.by(),
                  new EventFinder.AboutPage(required(step.region()), required(step.page())));
          case ACTOR -> stepTo(step.by(), new EventFinder.OfActor(required(step.actor())));
        };
    if (target != position) {
      passed++;
      move(target);
    }
  }

  /** Behind the last event of what runs, a step forward makes the next thing happen. */
  private boolean goesOn(Command.Step step) {
    Run run = session.run();
    boolean there = cursor.position() == timeline.lastSequence() && step.by() > 0;
    if (run == null
        || !there
        || step.unit() == Command.Unit.PAGE
        || step.unit() == Command.Unit.ACTOR) {
      return false;
    }
    boolean event = step.unit() == Command.Unit.EVENT;
    wanted = event ? cursor.position() + 1 : -1;
    following = !event;
    var unit = event ? RunCommand.Unit.EVENT : RunCommand.Unit.FAULT;
    run.submit(new RunCommand.Advance(unit, event ? 1 : step.by()));
    return true;
  }

  private long stepTo(int by, EventPredicate wantedEvent) {
    long at = cursor.position();
    for (int i = 0; i < Math.abs(by); i++) {
      int direction = Integer.signum(by);
      SearchResult found = EventFinder.next(timeline, wantedEvent, at, direction, scanLimit);
      if (found.hits().isEmpty()) {
        if (!found.isComplete()) {
          return lookedAt(found.scanned(), found.next(), direction);
        }
        break;
      }
      at = found.first();
    }
    return at;
  }

  /** {@return the last event that was looked at: from there the next step looks on} */
  private long lookedAt(long scanned, long next, int direction) {
    viewer.failed(
        "not-found-yet",
        "none among the next "
            + Counted.of(scanned, "event")
            + ", and there are more; again looks further",
        -1);
    return next - direction;
  }

  private void find(Command.Find find) {
    try {
      int direction = find.direction();
      Breakpoints.Found found =
          Breakpoints.of(find.queries(), timeline)
              .withKnownNames()
              .find(cursor.position() + direction, EventFinder.directionOf(direction), scanLimit);
      Breakpoints.Stop stop = found.stop();
      if (stop != null) {
        halt();
        go(stop.seq());
      } else if (found.next() != 0) {
        halt();
        go(lookedAt(found.scanned(), found.next(), direction));
        return;
      }
      viewer.found(find, stop, found.scanned());
    } catch (QueryException e) {
      viewer.failed("bad-query", String.valueOf(e.getMessage()), e.position());
    }
  }

  private static int required(@Nullable Integer value) {
    if (value == null) {
      throw new IllegalStateException("a step was made without what its unit needs");
    }
    return value;
  }

  @Override
  public long seq() {
    return cursor.position();
  }

  @Override
  public boolean playing() {
    return playback != null;
  }

  @Override
  public boolean following() {
    return following;
  }

  @Override
  public MomentView moment() {
    Moment moment = cursor.moment();
    Event event = cursor.position() == 0 ? null : cursor.event();
    return new MomentView(
        cursor.position(),
        event == null ? 0 : event.timeNs(),
        event == null ? null : ShownEvent.of(timeline, event),
        event == null
            ? "Before the first event."
            : new Narrator(timeline).tell(event, moment) + ".",
        QueueView.of(moment),
        DoingView.of(moment),
        playback != null,
        following);
  }

  @Override
  public long passed() {
    return passed;
  }

  @Override
  public long pages() {
    long sum = 0;
    for (Region region : timeline.regions()) {
      sum += region.pages();
    }
    return sum;
  }

  @Override
  public int regions() {
    return timeline.regions().size();
  }

  @Override
  public int pages(int region) {
    List<Region> regions = timeline.regions();
    return region < regions.size() ? regions.get(region).pages() : 0;
  }

  @Override
  public void states(int region, int firstPage, int count, char[] into, int at) {
    cursor.states(region, firstPage, count, into, at);
  }

  @Override
  public boolean isUntouched(int region, int firstPage, int count) {
    return cursor.isUntouched(region, firstPage, count);
  }

  @Override
  public void close() {
    cursor.close();
  }
}
