package dev.faultscope.stream;

import dev.faultscope.session.Command;
import dev.faultscope.session.MomentSnapshot;
import dev.faultscope.session.Session;
import dev.faultscope.session.Viewer;
import dev.faultscope.session.query.Breakpoints;
import dev.faultscope.session.query.MomentView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows an exploration to one browser, no faster than the browser takes it in: at most {@value
 * #CREDIT} binary frames are on their way, and what changes meanwhile is one dirty bit a page, or a
 * cell where the recording is large.
 *
 * <p>Runs on the exploration's thread, but for {@link #ack}, {@link #view}, {@link #tiles}, {@link
 * #stream} and {@link #complain}.
 */
final class WebViewer implements Viewer {
  /** Most unacknowledged binary frames. */
  static final int CREDIT = 2;

  /** Recordings of more pages are sent as cells, and page by page where they are looked at. */
  static final long MOST_PAGES = 1L << 24;

  private static final Logger LOG = LoggerFactory.getLogger(WebViewer.class);
  private static final int MAX_COMPLAINTS = 32;

  private final Session session;
  private final Outbound out;
  private final long mostPages;
  private final Announcements announcements;
  private final DirtyPages dirty = new DirtyPages();
  private final ArrayBlockingQueue<ServerMessage> complaints =
      new ArrayBlockingQueue<>(MAX_COMPLAINTS);
  private volatile long acked;
  private volatile long sent;
  private volatile boolean streaming = true;
  private volatile ClientMessage.@Nullable View view;
  private volatile List<Tile> tiles = List.of();
  private ClientMessage.@Nullable View preferred;
  private @Nullable Overview overview;
  private @Nullable SnapshotPlan snapshot;
  private boolean snapshotWanted;
  private boolean updating;
  private boolean ended;
  private long shownSeq;
  private long shownPassed;
  private @Nullable Boolean shownPlaying;
  private @Nullable Boolean shownFollowing;

  /**
   * A viewer of a new connection.
   *
   * @param painted the moment of this session that the browser has painted already, -1 for none
   */
  WebViewer(Session session, Outbound out, LongSupplier nanoTime, long painted) {
    this(session, out, nanoTime, painted, MOST_PAGES);
  }

  /** A viewer to whom recordings of more than so many pages are large. */
  WebViewer(Session session, Outbound out, LongSupplier nanoTime, long painted, long mostPages) {
    this.mostPages = mostPages;
    this.session = session;
    this.out = out;
    this.announcements = new Announcements(session, out, nanoTime, painted >= 0);
    this.snapshotWanted = painted < 0;
    this.shownSeq = Math.max(0, painted);
  }

  /** {@return whether the number can be: it never shrinks and never exceeds what was sent} */
  boolean ack(long frames) {
    if (frames < acked || frames > sent) {
      return false;
    }
    acked = frames;
    return true;
  }

  void view(ClientMessage.View shown) {
    view = shown;
  }

  void tiles(List<Tile> looked) {
    tiles = looked;
  }

  void stream(boolean on) {
    streaming = on;
  }

  /** Tells the browser of a message that could not be understood, if there is room. */
  void complain(String code, String message) {
    complaints.offer(ServerMessage.Failure.of(code, message, -1));
  }

  /** {@return bytes held for this browser while it does not read} */
  long heldBytes() {
    Overview large = overview;
    return dirty.bytes() + (large == null ? 0 : large.heldBytes());
  }

  private long unacked() {
    return sent - acked;
  }

  @Override
  public void pagesChanged(int region, int firstPage, int count) {
    Overview large = overview;
    if (snapshotWanted) {
      return;
    }
    if (large != null) {
      large.changed(region, firstPage, count);
    } else {
      dirty.mark(region, firstPage, count);
    }
  }

  @Override
  public void allChanged() {
    snapshotWanted = true;
  }

  @Override
  public boolean isReady() {
    return streaming && !updating && unacked() < CREDIT;
  }

  @Override
  public void turn(MomentSnapshot sight) {
    sending(
        () -> {
          announcements.hello();
          tellComplaints();
          if (streaming) {
            announcements.meta();
            announcements.bookmarks();
            announcements.run();
            update(sight);
            announcements.stats(unacked());
          }
        });
  }

  @Override
  public void found(Command.Find find, Breakpoints.@Nullable Stop stop, long scanned) {
    sending(() -> out.text(ServerMessage.Found.of(find.direction(), stop, scanned).toJson()));
  }

  @Override
  public void failed(String code, String message, int position) {
    sending(() -> out.text(ServerMessage.Failure.of(code, message, position).toJson()));
  }

  @Override
  public void ended() {
    ended = true;
    out.close("the exploration ended");
  }

  private void tellComplaints() throws IOException {
    List<ServerMessage> told = new ArrayList<>();
    complaints.drainTo(told);
    for (ServerMessage message : told) {
      out.text(message.toJson());
    }
  }

  private void update(MomentSnapshot sight) throws IOException {
    if (sight.pages() > mostPages != (overview != null)) {
      overview = overview == null ? new Overview() : null;
      snapshotWanted = true;
    }
    if (!updating && (unacked() >= CREDIT || !hasNews(sight))) {
      return;
    }
    updating = true;
    byte[] frame;
    while (unacked() < CREDIT) {
      frame = nextFrame(sight);
      if (frame == null) {
        finish(sight);
        return;
      }
      sent++;
      out.binary(frame);
    }
    // The moment needs no credit: a client may wait for it before it acknowledges.
    if (isPictureWhole(sight)) {
      finish(sight);
    }
  }

  private boolean hasNews(MomentSnapshot sight) {
    Overview large = overview;
    return snapshotWanted
        || (large == null ? dirty.count() > 0 : !large.isTold(sight, tiles))
        || sight.seq() != shownSeq
        || !Boolean.valueOf(sight.playing()).equals(shownPlaying)
        || !Boolean.valueOf(sight.following()).equals(shownFollowing);
  }

  private boolean isPictureWhole(MomentSnapshot sight) {
    Overview large = overview;
    if (large != null) {
      return !snapshotWanted && large.isTold(sight, tiles);
    }
    SnapshotPlan plan = snapshot;
    if (snapshotWanted || (plan != null && !plan.isDone(sight, dirty))) {
      return false;
    }
    snapshot = null;
    return dirty.count() == 0;
  }

  private byte @Nullable [] nextFrame(MomentSnapshot sight) {
    Overview large = overview;
    if (large != null) {
      if (snapshotWanted) {
        snapshotWanted = false;
        dirty.clearAll();
        snapshot = null;
        large.reset(sight);
      }
      return large.next(session.epoch(), shownSeq, sight, tiles);
    }
    if (snapshotWanted || (snapshot == null && dirty.count() * 4 > sight.pages())) {
      snapshotWanted = false;
      dirty.clearAll();
      snapshot = new SnapshotPlan(sight);
      preferred = null;
    }
    SnapshotPlan plan = snapshot;
    if (plan != null) {
      ClientMessage.View shown = view;
      if (shown != null && !shown.equals(preferred)) {
        preferred = shown;
        plan.prefer(shown);
      }
      byte[] frame = plan.next(session.epoch(), sight, dirty);
      if (frame != null) {
        return frame;
      }
      snapshot = null;
    }
    return dirty.count() == 0
        ? null
        : DeltaFrame.encode(session.epoch(), shownSeq, sight.seq(), dirty, sight);
  }

  private void finish(MomentSnapshot sight) throws IOException {
    MomentView moment = sight.moment();
    out.text(ServerMessage.Moment.of(moment).toJson());
    updating = false;
    announcements.conflated(Math.max(0, sight.passed() - shownPassed - 1));
    shownSeq = moment.seq();
    shownPassed = sight.passed();
    shownPlaying = moment.playing();
    shownFollowing = moment.following();
  }

  /** Something that sends. */
  @FunctionalInterface
  private interface Sending {
    void run() throws IOException;
  }

  private void sending(Sending what) {
    if (ended) {
      return;
    }
    try {
      what.run();
    } catch (IOException | IllegalStateException e) {
      // The browser went away, or did not read for too long; it comes back by itself.
      LOG.debug("A viewer of {} is gone: {}", session.id(), e.toString());
      ended();
    }
  }
}
