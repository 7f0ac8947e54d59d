package dev.faultscope.stream;

import dev.faultscope.model.Bookmark;
import dev.faultscope.session.RunView;
import dev.faultscope.session.Session;
import dev.faultscope.session.query.BookmarkView;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a viewer is told beside the moments, each kind at most four times a second. */
final class Announcements {
  private static final long INTERVAL_NS = 250_000_000L;

  private final Session session;
  private final Outbound out;
  private final LongSupplier nanoTime;
  private final boolean resumed;
  private boolean greeted;
  private boolean metaIsFinal;
  private long metaAtNs;
  private long statsAtNs;
  private long conflated;
  private ServerMessage.@Nullable Meta meta;
  private @Nullable RunView run;
  private long runAtNs;
  private ServerMessage.@Nullable Stats stats;
  private List<Bookmark> bookmarks = List.of();
  private List<BookmarkView> toldBookmarks = List.of();
  private long bookmarksAtNs;

  Announcements(Session session, Outbound out, LongSupplier nanoTime, boolean resumed) {
    this.session = session;
    this.out = out;
    this.nanoTime = nanoTime;
    this.resumed = resumed;
    bookmarksAtNs = nanoTime.getAsLong() - INTERVAL_NS;
  }

  /** Moments were skipped. */
  void conflated(long moments) {
    conflated += moments;
  }

  void hello() throws IOException {
    if (greeted) {
      return;
    }
    greeted = true;
    out.text(
        new ServerMessage.Hello(
                "hello",
                1,
                Integer.toUnsignedLong(session.epoch()),
                resumed,
                new ServerMessage.RecordingName(
                    session.id(), session.title(), session.source(), session.originNs()))
            .toJson());
    sendMeta();
  }

  void meta() throws IOException {
    ServerMessage.Meta known = meta;
    // Neither a region, nor a thread, nor a state that the browser does not know of can be shown.
    boolean newNames =
        known == null
            || known.regions().size() != session.regions()
            || known.actors().size() != session.actors()
            || known.states().size() != session.states();
    if (!metaIsFinal && (newNames || nanoTime.getAsLong() - metaAtNs >= INTERVAL_NS)) {
      sendMeta();
    }
  }

  private void sendMeta() throws IOException {
    // Before what it describes: nothing is added to a recording that has loaded.
    boolean last = !session.isLoading();
    ServerMessage.Meta now = ServerMessage.Meta.of(session.meta(), session.progress());
    metaAtNs = nanoTime.getAsLong();
    if (!now.equals(meta)) {
      meta = now;
      out.text(now.toJson());
    }
    metaIsFinal = last;
  }

  /** A browser that was told nothing knows of none. */
  void bookmarks() throws IOException {
    List<Bookmark> now = session.bookmarks();
    // Of a recording that is still read, a moment may have no time yet.
    boolean waits = toldBookmarks.stream().anyMatch(each -> each.timeNs() == null);
    boolean due = nanoTime.getAsLong() - bookmarksAtNs >= INTERVAL_NS;
    if (!due || (now.equals(bookmarks) && !waits)) {
      return;
    }
    bookmarks = now;
    bookmarksAtNs = nanoTime.getAsLong();
    List<BookmarkView> shown = BookmarkView.of(session.timeline(), now);
    if (!shown.equals(toldBookmarks)) {
      toldBookmarks = shown;
      out.text(new ServerMessage.Bookmarks("bookmarks", shown).toJson());
    }
  }

  void run() throws IOException {
    RunView now = session.runView();
    if (now == null || now.equals(run)) {
      return;
    }
    RunView known = run;
    // Another phase is told at once: somebody waits for it.
    boolean due = nanoTime.getAsLong() - runAtNs >= INTERVAL_NS;
    if (due || known == null || known.status().phase() != now.status().phase()) {
      // Who waits has a name there, and a run that is over has its last event there.
      if (!metaIsFinal) {
        sendMeta();
      }
      run = now;
      runAtNs = nanoTime.getAsLong();
      out.text(ServerMessage.Run.of(now).toJson());
    }
  }

  void stats(long unacked) throws IOException {
    if (stats != null && nanoTime.getAsLong() - statsAtNs < INTERVAL_NS) {
      return;
    }
    ServerMessage.Stats now =
        new ServerMessage.Stats(
            "stats", session.lastSequence(), session.endNs(), conflated, unacked);
    if (!now.equals(stats)) {
      stats = now;
      statsAtNs = nanoTime.getAsLong();
      out.text(now.toJson());
    }
  }
}
