package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;

/**
 * The 32-byte record as four little-endian longs: {@code time}, {@code pages} (first page, page
 * count), {@code change} (cause distance, codes before and after), {@code who} (region, actor,
 * kind, detail, flags, errno).
 *
 * <p>No region and no actor are all ones in their fields, so that reading them extends the sign.
 */
final class Records {
  static final int BYTES = 32;
  static final int LONGS = 4;

  private static final int REGION_BITS = 13;
  private static final int ACTOR_BITS = 15;
  private static final int NO_REGION = (1 << REGION_BITS) - 1;
  private static final int NO_ACTOR = (1 << ACTOR_BITS) - 1;
  private static final int HIGH_FLAGS_AT = REGION_BITS + ACTOR_BITS;

  /** The flag that stands in the page count's top bit. */
  private static final int CONTINUED_AT = 63;

  private static final long MORE = 1L << 31;

  private static final long STATES_OF_VERSION_1 = 0x7fff_7fff_ffff_ffffL;

  private Records() {}

  static long pages(int firstPage, int pageCount, int flags) {
    return (firstPage & 0xffff_ffffL)
        | ((long) pageCount << 32)
        | ((flags & EventFlags.CONTINUED) == 0 ? 0 : 1L << CONTINUED_AT);
  }

  /** Marks that a MORE chunk says more of the record. */
  static long withMore(long pages) {
    return pages | MORE;
  }

  /** {@return whether two records are about the same pages} */
  static boolean samePages(long pages, long others) {
    return ((pages ^ others) & ~MORE) == 0;
  }

  static boolean hasMore(long pages) {
    return (pages & MORE) != 0;
  }

  static long change(long causeDistance, int before, int after) {
    return (causeDistance & 0xffff_ffffL) | ((long) before << 32) | ((long) after << 48);
  }

  static long who(int region, int actor, int kind, int detail, int flags, int errno) {
    return (region & NO_REGION)
        | ((long) (actor & NO_ACTOR) << REGION_BITS)
        | ((long) (flags >>> 8 & 15) << HIGH_FLAGS_AT)
        | ((long) kind << 32)
        | ((long) detail << 40)
        | ((long) (flags & 0xff) << 48)
        | ((long) errno << 56);
  }

  static int firstPage(long pages) {
    return (int) pages & Integer.MAX_VALUE;
  }

  static int pageCount(long pages) {
    return (int) (pages >>> 32) & Integer.MAX_VALUE;
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
    return ((int) who << 32 - REGION_BITS >> 32 - REGION_BITS) & 0xffff;
  }

  static int actor(long who) {
    return ((int) who << 32 - HIGH_FLAGS_AT >> 32 - ACTOR_BITS) & 0xffff;
  }

  static int kind(long who) {
    return (int) (who >>> 32) & 0xff;
  }

  static int detail(long who) {
    return (int) (who >>> 40) & 0xff;
  }

  /** {@return the flags but {@link EventFlags#CONTINUED}} */
  static int flags(long who) {
    return (int) (who >>> 48) & 0xff | ((int) who >>> HIGH_FLAGS_AT) << 8;
  }

  static int flags(long pages, long who) {
    return flags(who) | (pages < 0 ? EventFlags.CONTINUED : 0);
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

  static Event decode(long sequence, long[] record, int at, StateCodes codes) {
    long pages = record[at + 1];
    long change = record[at + 2];
    long who = record[at + 3];
    long distance = causeDistance(change);
    int region = region(who);
    boolean stateless = region == Event.NONE || pageCount(pages) == 0;
    return new Event(
        sequence,
        record[at],
        EventKind.ofCode(kind(who)),
        detail(who),
        flags(pages, who),
        region,
        firstPage(pages),
        pageCount(pages),
        actor(who),
        stateless ? 0 : codes.state(region, before(change)),
        stateless ? 0 : codes.state(region, after(change)),
        errno(who),
        distance == 0 ? 0 : sequence - distance);
  }

  /** {@return whether a record of version 1 fits the fields of today's} */
  static boolean fitsVersion1(long pages, long who) {
    int region = (int) who & 0xffff;
    int actor = (int) (who >>> 16) & 0xffff;
    return (pages & 0x8000_0000_8000_0000L) == 0
        && (region == Event.NONE || region <= NO_REGION >>> 1)
        && (actor == Event.NONE || actor <= NO_ACTOR >>> 1);
  }

  /**
   * Brings records of version 1 into today's form. There, several records of one event were not
   * marked: they are told by that nothing but their pages and states differs and that their pages
   * follow on.
   *
   * @param prior the record before the first as it is in the file, four longs; empty where there is
   *     none
   */
  static void upgrade(long[] prior, long[] records, int at, int count) {
    for (int i = count - 1; i >= 0; i--) {
      int here = at + i * LONGS;
      boolean continued =
          i > 0
              ? continues(records, here - LONGS, records, here)
              : prior.length > 0 && continues(prior, 0, records, here);
      long who = records[here + 3];
      int region = (int) who & 0xffff;
      int actor = (int) (who >>> 16) & 0xffff;
      records[here + 1] |= continued ? 1L << CONTINUED_AT : 0;
      records[here + 2] &= STATES_OF_VERSION_1;
      records[here + 3] =
          (who & 0xffff_ffff_0000_0000L)
              | (region & NO_REGION)
              | ((long) (actor & NO_ACTOR) << REGION_BITS);
    }
  }

  private static boolean continues(long[] one, int at, long[] next, int then) {
    long cause = causeDistance(one[at + 2]);
    return one[at] == next[then]
        && one[at + 3] == next[then + 3]
        && (one[at + 3] & 0xffff) != Event.NONE
        && pageCount(one[at + 1]) > 0
        && firstPage(one[at + 1]) + pageCount(one[at + 1]) == firstPage(next[then + 1])
        && before(one[at + 2]) != before(next[then + 2])
        && causeDistance(next[then + 2]) == (cause == 0 ? 0 : cause + 1);
  }
}
