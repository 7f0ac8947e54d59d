package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.timeline.Moment.Activity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One actor's lane being drawn. Segments shorter than a cell wait in a bucket until it is a cell
 * wide: however many there are, a lane of n cells has at most n segments.
 */
final class Lane {
  /** A stretch with one activity, as it really was. */
  private record Piece(
      long fromNs, long toNs, Activity activity, long seq, @Nullable Event about, int merged) {
    long length() {
      return toNs - fromNs;
    }
  }

  private final long cellNs;
  private final List<Segment> segments = new ArrayList<>();
  private @Nullable Piece bucket;
  private Activity activity;
  private long sinceNs;
  private long seq;
  private @Nullable Event about;

  /**
   * Starts with what an actor does at the window's start.
   *
   * @param windowNs width of the window
   * @param cells most segments
   */
  Lane(Activity activity, long fromNs, long seq, @Nullable Event about, long windowNs, int cells) {
    this.activity = activity;
    this.sinceNs = fromNs;
    this.seq = seq;
    this.about = about;
    // A full-width segment and the bucket before it share two cells.
    this.cellNs = Math.max(1, (2 * windowNs + cells - 1) / cells);
  }

  /** Ends the activity so far and begins another. */
  void change(long timeNs, Activity to, Event event) {
    close(timeNs);
    activity = to;
    sinceNs = timeNs;
    seq = event.sequence();
    about = event.hasPages() ? event : null;
  }

  List<Segment> finish(long toNs) {
    close(toNs);
    flush();
    return segments;
  }

  private void close(long timeNs) {
    if (activity == Activity.UNSEEN || timeNs <= sinceNs) {
      // A change within a nanosecond is still a change: it counts where it has a neighbour.
      if (activity != Activity.UNSEEN && bucket != null) {
        bucket = merge(bucket, new Piece(sinceNs, timeNs, activity, seq, about, 1));
      }
      return;
    }
    Piece piece = new Piece(sinceNs, timeNs, activity, seq, about, 1);
    if (piece.length() >= cellNs) {
      flush();
      segments.add(segment(piece));
      return;
    }
    Piece open = bucket;
    bucket = open == null ? piece : merge(open, piece);
    if (bucket.length() >= cellNs) {
      flush();
    }
  }

  private void flush() {
    if (bucket != null) {
      segments.add(segment(bucket));
      bucket = null;
    }
  }

  private static Piece merge(Piece into, Piece more) {
    Piece shown = weight(more.activity) > weight(into.activity) ? more : into;
    return new Piece(
        into.fromNs,
        Math.max(into.toNs, more.toNs),
        shown.activity,
        shown.seq,
        shown.about,
        into.merged + more.merged);
  }

  private static Segment segment(Piece piece) {
    Event about = piece.about;
    return new Segment(
        piece.fromNs,
        piece.toNs,
        DoingView.word(piece.activity),
        piece.seq,
        about == null ? null : ShownEvent.orNull(about.region()),
        about == null ? null : about.firstPage(),
        piece.merged);
  }

  private static int weight(Activity activity) {
    return switch (activity) {
      case BLOCKED -> 4;
      case HANDLING -> 3;
      case RUNNING -> 2;
      case IDLE -> 1;
      case UNSEEN -> 0;
    };
  }
}
