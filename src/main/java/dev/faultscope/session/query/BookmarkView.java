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
    long sequence = bookmark.sequence();
    Long timeNs =
        sequence == 0
            ? Long.valueOf(0)
            : sequence <= timeline.lastSequence() ? timeline.event(sequence).timeNs() : null;
    return new BookmarkView(
        bookmark.number(),
        sequence,
        timeNs,
        bookmark.hasPage() ? bookmark.region() : null,
        bookmark.hasPage() ? bookmark.page() : null,
        bookmark.text());
  }

  /** {@return bookmarks of what a timeline holds by now} */
  public static List<BookmarkView> of(Timeline timeline, List<Bookmark> bookmarks) {
    return bookmarks.stream().map(each -> of(timeline, each)).toList();
  }
}
