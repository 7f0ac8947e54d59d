package dev.faultscope.session.query;

import dev.faultscope.model.Bookmark;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bookmark as a browser shows it.
 *
 * @param number tells it from the others of the recording
 * @param seq the moment
 * @param timeNs of the moment; null where the recording does not reach so far, or not yet
 * @param region the page's, null where it is about no page
 * @param page null where it is about none
 */
public record BookmarkView(
    int number,
    long seq,
    @Nullable Long timeNs,
    @Nullable Integer region,
    @Nullable Integer page,
    String text) {
  /** {@return a bookmark of what a timeline holds by now} */
  public static BookmarkView of(Timeline timeline, Bookmark bookmark) {
    return new BookmarkView(
        bookmark.number(),
        bookmark.sequence(),
        timeNs(timeline, bookmark.sequence()),
        bookmark.hasPage() ? bookmark.region() : null,
        bookmark.hasPage() ? bookmark.page() : null,
        bookmark.text());
  }

  private static @Nullable Long timeNs(Timeline timeline, long sequence) {
    if (sequence > timeline.lastSequence()) {
      return null;
    }
    return sequence == 0 ? 0 : timeline.event(sequence).timeNs();
  }

  /** {@return bookmarks of what a timeline holds by now, the earliest moment first} */
  public static List<BookmarkView> of(Timeline timeline, List<Bookmark> bookmarks) {
    return bookmarks.stream().sorted(Bookmark.BY_MOMENT).map(each -> of(timeline, each)).toList();
  }
}
