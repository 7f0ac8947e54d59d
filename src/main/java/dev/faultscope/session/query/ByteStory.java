package dev.faultscope.session.query;

import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what an event saw, wrote or left of bytes, and for a page half written what was missed. */
final class ByteStory {
  /** How far from a half-written page's access the other half is looked for. */
  private static final int LOOK = 4096;

  private final Timeline timeline;
  private final IntFunction<String> names;

  /**
   * @param names of actors, by their index
   */
  ByteStory(Timeline timeline, IntFunction<String> names) {
    this.timeline = timeline;
    this.names = names;
  }

  /** {@return the end of an event's sentence; empty where nothing is known} */
  String tell(Event event) {
    List<Content> contents = timeline.contents(event.sequence());
    if (contents.isEmpty()) {
      return "";
    }
    Content first = contents.getFirst();
    if (event.kind() != EventKind.DECIDE) {
      return ": "
          + (event.kind() == EventKind.KERNEL ? "" : "holds ")
          + words(event, contents)
          + tooLate(event, first);
    }
    if (event.is(EventFlags.WRITE)) {
      return ": writes " + words(event, contents);
    }
    return ": reads " + words(event, contents) + missed(event, first);
  }

  private static String words(Event event, List<Content> contents) {
    if (contents.size() == 1
        && contents.getFirst().value() == Content.PATTERN
        && event.pageCount() > 1) {
      return "in every byte its page's number modulo " + Content.PATTERN_MODULUS;
    }
    return contents.stream()
        .map(content -> Content.hex(content.on(event.firstPage())) + where(content))
        .collect(Collectors.joining(", "));
  }

  private static String where(Content content) {
    if (content.length() == Region.PAGE_BYTES) {
      return " in every byte";
    }
    int last = content.offset() + content.length() - 1;
    return content.length() == 1
        ? " at byte " + content.offset()
        : " in bytes " + content.offset() + " to " + last;
  }

  /** What a load of a half-written page would have seen later. */
  private String missed(Event load, Content seen) {
    if ((load.before() & PageState.PARTIAL) == 0) {
      return "";
    }
    Event write = later(load, seen);
    return write == null
        ? ", from a page that is half written"
        : " where "
            + Content.hex(byteOf(write, load.firstPage(), seen.offset()))
            + " is written later, by "
            + names.apply(write.actor())
            + " (#"
            + write.sequence()
            + ")";
  }

  private @Nullable Event later(Event load, Content seen) {
    int value = seen.on(load.firstPage());
    long last = Math.min(timeline.lastSequence(), load.sequence() + LOOK);
    for (long at = load.sequence() + 1; at <= last; at++) {
      Event event = timeline.event(at);
      int there =
          isAbout(event, load) && !isLoad(event)
              ? byteOf(event, load.firstPage(), seen.offset())
              : value;
      if (there >= 0 && there != value) {
        return event;
      }
    }
    return null;
  }

  /** Who read a half-written page before these bytes came. */
  private String tooLate(Event write, Content written) {
    if (write.kind() != EventKind.KERNEL || (write.before() & PageState.PARTIAL) == 0) {
      return "";
    }
    for (long at = write.sequence() - 1; at >= Math.max(1, write.sequence() - LOOK); at--) {
      Event event = timeline.event(at);
      if (!isAbout(event, write) || !isLoad(event)) {
        continue;
      }
      for (Content seen : timeline.contents(at)) {
        int value = seen.on(event.firstPage());
        if (written.covers(seen.offset()) && value != written.on(write.firstPage())) {
          return ", too late for "
              + names.apply(event.actor())
              + ", which read "
              + Content.hex(value)
              + " there (#"
              + at
              + ")";
        }
      }
    }
    return "";
  }

  private static boolean isAbout(Event event, Event other) {
    return event.covers(other.region(), other.firstPage());
  }

  private static boolean isLoad(Event event) {
    return event.kind() == EventKind.DECIDE && !event.is(EventFlags.WRITE);
  }

  /** {@return the byte that an event says, -1 where it says nothing of it} */
  private int byteOf(Event event, int page, int offset) {
    for (Content content : timeline.contents(event.sequence())) {
      if (content.covers(offset)) {
        return content.on(page);
      }
    }
    return -1;
  }
}
