package dev.faultscope.timeline;

import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;

/**
 * An event about to be appended. Mutable and meant to be reused, so that a source writes millions
 * of events without allocating: call {@link #of} to start the next one.
 *
 * <p>A draft says which page-state bits to clear and which to set; the recorder knows the state
 * before and works out the state after.
 */
public final class EventDraft {
  long timeNs;
  EventKind kind = EventKind.NOTE;
  int detail;
  int flags;
  int region = Event.NONE;
  int firstPage;
  int pageCount;
  int actor = Event.NONE;
  int clear;
  int set;
  int errno;
  long cause;
  int contents;
  final int[] offsets = new int[Content.MAX_RANGES];
  final int[] lengths = new int[Content.MAX_RANGES];
  final int[] values = new int[Content.MAX_RANGES];

  /** Starts the next event: everything else is reset. */
  public EventDraft of(EventKind kind, long timeNs) {
    this.kind = kind;
    this.timeNs = timeNs;
    detail = 0;
    flags = 0;
    region = Event.NONE;
    firstPage = 0;
    pageCount = 0;
    actor = Event.NONE;
    clear = 0;
    set = 0;
    errno = 0;
    cause = 0;
    contents = 0;
    return this;
  }

  /** A code of the kind's detail enum, 0 to 255. */
  public EventDraft detail(int code) {
    detail = code;
    return this;
  }

  /** Bits of {@link dev.faultscope.model.EventFlags}. */
  public EventDraft flags(int bits) {
    flags = bits;
    return this;
  }

  /** The pages concerned; they must lie inside the region. */
  public EventDraft pages(int region, int firstPage, int pageCount) {
    this.region = region;
    this.firstPage = firstPage;
    this.pageCount = pageCount;
    return this;
  }

  /** The actor's index. */
  public EventDraft actor(int index) {
    actor = index;
    return this;
  }

  /**
   * State bits to clear first and bits to set then, on every page concerned. What is said of a page
   * makes it known: any change takes {@link dev.faultscope.model.PageState#UNKNOWN} away but one
   * that sets it.
   */
  public EventDraft change(int clear, int set) {
    this.clear = clear;
    this.set = set;
    return this;
  }

  /** A positive error number, 0 to 255. */
  public EventDraft errno(int number) {
    errno = number;
    return this;
  }

  /** The sequence number of the event that led to this one, 0 for none. */
  public EventDraft cause(long sequence) {
    cause = sequence;
    return this;
  }

  /**
   * Some bytes of each page concerned, as {@link Content}: what an access saw or wrote, or what is
   * there now. At most {@link Content#MAX_RANGES} times, from the lowest byte up.
   *
   * @throws IllegalArgumentException if there are more, or they are not of a page
   */
  public EventDraft content(int offset, int length, int value) {
    if (contents == Content.MAX_RANGES
        || !Content.isPossible(offset, length)
        || value < Content.PATTERN
        || value > 0xff) {
      throw new IllegalArgumentException(
          "bytes " + offset + " + " + length + " with value " + value + " cannot be told");
    }
    offsets[contents] = offset;
    lengths[contents] = length;
    values[contents++] = value;
    return this;
  }

  /** Takes back what was said of bytes. */
  public EventDraft withoutContent() {
    contents = 0;
    return this;
  }

  /** {@return what happened, for a recorder that looks at what passes through it} */
  public EventKind kind() {
    return kind;
  }

  /** {@return when, in nanoseconds} */
  public long timeNs() {
    return timeNs;
  }

  /** {@return the code of the kind's detail enum} */
  public int detail() {
    return detail;
  }

  /** {@return the actor's index, or {@link Event#NONE}} */
  public int actor() {
    return actor;
  }

  /** {@return the region's index, or {@link Event#NONE}} */
  public int region() {
    return region;
  }

  /** {@return first page within the region} */
  public int firstPage() {
    return firstPage;
  }

  /** {@return pages concerned} */
  public int pageCount() {
    return pageCount;
  }

  /** Throws {@link IllegalArgumentException} unless the draft may follow event {@code last}. */
  void check(PageStates regions, int actors, long last) {
    if (region != Event.NONE && (region < 0 || region >= regions.regionCount())) {
      throw new IllegalArgumentException("region " + region + " is not declared");
    }
    int pages = region == Event.NONE ? Integer.MAX_VALUE : regions.pages(region);
    if (firstPage < 0 || pageCount < 0 || firstPage > pages - pageCount) {
      throw new IllegalArgumentException(
          pageCount + " pages from page " + firstPage + " are not in region " + region);
    }
    if (actor != Event.NONE && (actor < 0 || actor >= actors)) {
      throw new IllegalArgumentException("actor " + actor + " is not declared");
    }
    if (((detail | errno) & ~0xff) != 0 || (flags & ~EventFlags.ALL) != 0) {
      throw new IllegalArgumentException(
          "detail "
              + detail
              + " and errno "
              + errno
              + " must be 0 to 255, flags "
              + flags
              + " 13 bits");
    }
    if (set < 0) {
      throw new IllegalArgumentException("a page state has 31 bits");
    }
    if (cause < 0 || cause > last) {
      throw new IllegalArgumentException(
          "cause " + cause + " is not an event before event " + (last + 1));
    }
  }
}
