package dev.faultscope.session.query;

import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a page holds at a moment, as far as the recording says.
 *
 * @param there whether there is a page to hold anything; false where it is neither in a cache nor
 *     mapped
 * @param known whether at least one byte is known
 * @param ranges the whole page from its first byte on, in order; empty where no page is there
 */
public record PageContent(boolean there, boolean known, List<Range> ranges) {
  private static final int UNKNOWN = -1;
  private static final int HERE = PageState.CACHED | PageState.MAPPED | PageState.STAGE2;

  /**
   * Bytes that are alike.
   *
   * @param value 0 to 255, null where it is not known
   * @param seq the event that wrote or first showed it, 0 where none is known
   * @param text who or what that was; empty where it is not known
   */
  public record Range(int offset, int length, @Nullable Integer value, long seq, String text) {}

  /**
   * {@return the content of a page in a state}
   *
   * @param history events about it up to the moment, newest first; what older ones said is unknown
   */
  static PageContent of(Timeline timeline, int page, int state, List<Event> history) {
    if (!isThere(state)) {
      return new PageContent(false, false, List.of());
    }
    Bytes bytes = new Bytes();
    for (Event event : history.reversed()) {
      bytes.follow(event, timeline.contents(event.sequence()), page);
    }
    if ((state & PageState.ZERO) != 0) {
      bytes.zeros(bytes.appeared);
    }
    return bytes.shown(new Narrator(timeline), timeline);
  }

  /** {@return whether there is, or may be, a page in this state that can hold anything} */
  static boolean isThere(int state) {
    // A minor fault, or one of protection, is about a page that is there; the kernel may find one.
    int there =
        HERE
            | PageState.UNKNOWN
            | PageState.MINOR
            | PageState.WP_FAULT
            | PageState.RWP_FAULT
            | PageState.IN_KERNEL;
    return (state & there) != 0;
  }

  /** {@return whether a page was there, and is there no more} */
  static boolean isGone(int before, int after) {
    return (before & HERE) != 0 && (after & HERE) == 0;
  }

  /** Each byte, and the event that said it. */
  private static final class Bytes {
    private final int[] values = new int[(int) Region.PAGE_BYTES];
    private final long[] from = new long[(int) Region.PAGE_BYTES];
    private long appeared;

    Bytes() {
      Arrays.fill(values, UNKNOWN);
    }

    void follow(Event event, List<Content> contents, int page) {
      if ((event.before() & PageState.ZERO) != 0 && !contents.isEmpty()) {
        zeros(appeared);
      }
      if (isGone(event.before(), event.after())) {
        Arrays.fill(values, UNKNOWN);
        Arrays.fill(from, 0);
      }
      if ((event.after() & HERE & ~event.before()) != 0 && (event.before() & HERE) == 0) {
        appeared = event.sequence();
      }
      for (Content content : contents) {
        put(content, content.on(page), event.sequence());
      }
    }

    private void put(Content content, int value, long sequence) {
      for (int i = content.offset(); i < content.offset() + content.length(); i++) {
        // Who shows again what was known did not bring it.
        if (values[i] != value) {
          values[i] = value;
          from[i] = sequence;
        }
      }
    }

    /** Nobody wrote anything yet: what no event said are zeros. */
    void zeros(long since) {
      for (int i = 0; i < values.length; i++) {
        if (values[i] == UNKNOWN) {
          values[i] = 0;
          from[i] = since;
        }
      }
    }

    PageContent shown(Narrator narrator, Timeline timeline) {
      List<Range> ranges = new ArrayList<>();
      boolean known = false;
      for (int start = 0; start < values.length; ) {
        int end = start + 1;
        while (end < values.length && values[end] == values[start] && from[end] == from[start]) {
          end++;
        }
        boolean told = values[start] != UNKNOWN;
        known |= told;
        long by = from[start];
        ranges.add(
            new Range(
                start,
                end - start,
                told ? values[start] : null,
                by,
                by == 0 || !told ? "" : narrator.tell(timeline.event(by))));
        start = end;
      }
      return new PageContent(true, known, List.copyOf(ranges));
    }
  }
}
