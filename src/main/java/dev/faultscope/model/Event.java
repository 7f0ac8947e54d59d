package dev.faultscope.model;

/**
 * One event of a timeline: the decoded form of a 32-byte record (docs/trace-format.md).
 *
 * @param sequence its number, from 1; moment {@code n} is the state after event {@code n}
 * @param timeNs nanoseconds since the recording's first event; never decreases along a timeline
 * @param kind what happened
 * @param detail a code whose meaning depends on the kind, 0 to 255
 * @param flags {@link EventFlags} bits, 13 at most
 * @param region the region's index, or {@link #NONE}
 * @param firstPage first page within the region, in 4-KiB pages; unsigned 31 bits
 * @param pageCount pages concerned; 0 where the event is about no page
 * @param actor the actor's index, or {@link #NONE}
 * @param before {@link PageState} of all its pages before the event
 * @param after {@link PageState} of all its pages after the event
 * @param errno positive error number of an ioctl, 0 for success, at most 255
 * @param cause sequence number of the event that led to this one, 0 where there is none; always
 *     smaller than {@code sequence}
 */
public record Event(
    long sequence,
    long timeNs,
    EventKind kind,
    int detail,
    int flags,
    int region,
    int firstPage,
    int pageCount,
    int actor,
    int before,
    int after,
    int errno,
    long cause) {

  /** The index that stands for "no region" or "no actor". */
  public static final int NONE = 0xffff;

  /** {@return whether the event is about at least one known page} */
  public boolean hasPages() {
    return pageCount > 0 && region != NONE;
  }

  /** {@return whether a flag is set} */
  public boolean is(int flag) {
    return (flags & flag) != 0;
  }

  /** {@return whether the event is about a page} */
  public boolean covers(int someRegion, int page) {
    return region == someRegion && page >= firstPage && page - firstPage < pageCount;
  }
}
