package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;

/**
 * The 32-byte record as four little-endian longs: {@code time}, {@code pages} (first page, page
 * count), {@code change} (cause distance, before, after), {@code who} (region, actor, kind, detail,
 * flags, errno).
 */
final class Records {
  static final int BYTES = 32;
  static final int LONGS = 4;

  private Records() {}

  static long pages(int firstPage, int pageCount) {
    return (firstPage & 0xffff_ffffL) | ((long) pageCount << 32);
  }

  static long change(long causeDistance, int before, int after) {
    return (causeDistance & 0xffff_ffffL) | ((long) before << 32) | ((long) after << 48);
  }

  static long who(int region, int actor, int kind, int detail, int flags, int errno) {
    return region
        | ((long) actor << 16)
        | ((long) kind << 32)
        | ((long) detail << 40)
        | ((long) flags << 48)
        | ((long) errno << 56);
  }

  static int firstPage(long pages) {
    return (int) pages;
  }

  static int pageCount(long pages) {
    return (int) (pages >>> 32);
  }

  static long causeDistance(long change) {
    return change & 0xffff_ffffL;
  }

  static int before(long change) {
    return (int) (change >>> 32) & 0xffff;
  }

  static int after(long change) {
    return (int) (change >>> 48);
  }

  static int region(long who) {
    return (int) who & 0xffff;
  }

  static int actor(long who) {
    return (int) (who >>> 16) & 0xffff;
  }

  static int kind(long who) {
    return (int) (who >>> 32) & 0xff;
  }

  static int detail(long who) {
    return (int) (who >>> 40) & 0xff;
  }

  static int flags(long who) {
    return (int) (who >>> 48) & 0xff;
  }

  static int errno(long who) {
    return (int) (who >>> 56);
  }

  /** {@return whether a record changes the state of pages} */
  static boolean changesPages(long pages, long change, long who) {
    return before(change) != after(change) && pageCount(pages) > 0 && region(who) != Event.NONE;
  }

  /** {@return whether a record concerns a page} */
  static boolean covers(long pages, long who, int region, int page) {
    int distance = page - firstPage(pages);
    return region(who) == region && distance >= 0 && distance < pageCount(pages);
  }

  static Event decode(long sequence, long[] record, int at) {
    long pages = record[at + 1];
    long change = record[at + 2];
    long who = record[at + 3];
    long distance = causeDistance(change);
    return new Event(
        sequence,
        record[at],
        EventKind.ofCode(kind(who)),
        detail(who),
        flags(who),
        region(who),
        firstPage(pages),
        pageCount(pages),
        actor(who),
        before(change),
        after(change),
        errno(who),
        distance == 0 ? 0 : sequence - distance);
  }
}
