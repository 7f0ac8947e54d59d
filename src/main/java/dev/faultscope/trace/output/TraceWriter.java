package dev.faultscope.trace.output;

import dev.faultscope.model.Bookmark;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * A form that a recording can be saved in, by the command line and by a browser alike.
 *
 * <p>One class a form, and one line of {@code TraceWriters}. The same timeline and bookmarks give
 * the same bytes. Safe for many threads.
 */
public interface TraceWriter {
  /** {@return its name, short and stable: {@code ndjson}; files of it end in a dot and that} */
  String name();

  /** {@return the form in words, as a menu shows it} */
  String text();

  /** {@return the media type of what is written} */
  String mediaType();

  /**
   * Writes everything a timeline holds now; memory used does not grow with it.
   *
   * @param bookmarks what people noted, in place of what the timeline brought; left out by a form
   *     that has no place for it
   * @param out where to, buffered by who calls; flushed, not closed
   * @throws IOException if it cannot be written
   */
  void write(Timeline timeline, List<Bookmark> bookmarks, OutputStream out) throws IOException;
}
