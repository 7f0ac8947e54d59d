package dev.faultscope.timeline;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The states of {@value #PAGES} consecutive pages, in an array of longs that is also what the file
 * has.
 *
 * <p>Neighbouring pages share few distinct states, so a packed tile keeps a palette of up to 16 and
 * four bits a page: one long of encoding and number of colours, four longs of palette, 256 longs of
 * pages. A tile that needs more colours is raw: the first long, then 16 bits a page. Everything in
 * one array, because a tile is mostly touched at random and each object more is a cache miss more.
 */
final class Tile {
  static final int SHIFT = 12;
  static final int PAGES = 1 << SHIFT;
  static final int MASK = PAGES - 1;

  private static final int PACKED = 1;
  private static final int RAW = 2;
  private static final int COLOURS = 16;

  /** A tile with more states than this is not worth packing again: it would soon overflow. */
  private static final int COLOURS_KEPT = 12;

  private static final int PALETTE_AT = 1;
  private static final int NIBBLES_AT = PALETTE_AT + COLOURS / 4;
  private static final int PACKED_LONGS = NIBBLES_AT + PAGES / 16;
  private static final int RAW_AT = 1;
  private static final int RAW_LONGS = RAW_AT + PAGES / 4;

  static final int PACKED_BYTES = PACKED_LONGS * 8;

  private static final long EACH_NIBBLE = 0x1111_1111_1111_1111L;
  private static final long EACH_CHAR = 0x0001_0001_0001_0001L;
  private static final long EACH_TOP = 0x8000_8000_8000_8000L;

  private Tile() {}

  /** {@return a tile whose pages all have one state} */
  static long[] uniform(int state) {
    long[] tile = new long[PACKED_LONGS];
    tile[0] = PACKED | (1L << 8);
    tile[PALETTE_AT] = state;
    return tile;
  }

  /** {@return the tile saved at an offset, or null where none can be} */
  static long @Nullable [] read(MemorySegment from, long offset) {
    if (offset < 0 || offset > from.byteSize() - PACKED_BYTES) {
      return null;
    }
    int encoding = from.get(FileFormat.U8, offset);
    int colours = from.get(FileFormat.U8, offset + 1);
    boolean packed = encoding == PACKED && colours >= 1 && colours <= COLOURS;
    int longs = packed ? PACKED_LONGS : RAW_LONGS;
    if ((!packed && encoding != RAW) || offset > from.byteSize() - longs * 8L) {
      return null;
    }
    long[] tile = new long[longs];
    MemorySegment.copy(from, FileFormat.I64, offset, tile, 0, longs);
    tile[0] &= 0xffff;
    return tile;
  }

  static int get(long[] tile, int page) {
    if (tile.length == PACKED_LONGS) {
      int colour = (int) (tile[NIBBLES_AT + (page >> 4)] >>> ((page & 15) << 2)) & 15;
      return (int) (tile[PALETTE_AT + (colour >> 2)] >>> ((colour & 3) << 4)) & 0xffff;
    }
    return (int) (tile[RAW_AT + (page >> 2)] >>> ((page & 3) << 4)) & 0xffff;
  }

  /** Sets a page; {@return the tile, which may be another} */
  static long[] set(long[] tile, int page, int state) {
    if (tile.length == PACKED_LONGS) {
      int colour = find(tile, state);
      if (colour >= 0) {
        setNibble(tile, page, colour);
        return tile;
      }
      return set(withRoom(tile, state), page, state);
    }
    int shift = (page & 3) << 4;
    int at = RAW_AT + (page >> 2);
    tile[at] = (tile[at] & ~(0xffffL << shift)) | ((long) state << shift);
    return tile;
  }

  /** Sets pages {@code from} to {@code to - 1}; {@return the tile, which may be another} */
  static long[] fill(long[] tile, int from, int to, int state) {
    long[] into = find(tile, state) >= 0 ? tile : withRoom(tile, state);
    boolean packed = into.length == PACKED_LONGS;
    int perLong = packed ? 16 : 4;
    int first = packed ? NIBBLES_AT : RAW_AT;
    long whole = packed ? EACH_NIBBLE * find(into, state) : EACH_CHAR * state;
    int page = from;
    while (page < to) {
      if (page % perLong == 0 && page + perLong <= to) {
        int end = to / perLong;
        Arrays.fill(into, first + page / perLong, first + end, whole);
        page = end * perLong;
      } else {
        set(into, page++, state);
      }
    }
    return into;
  }

  /** {@return the end, at most {@code to}, of the run of equal states that starts at a page} */
  static int runEnd(long[] tile, int from, int to) {
    int state = get(tile, from);
    boolean packed = tile.length == PACKED_LONGS;
    int page = from + 1;
    while (page < to) {
      if (packed && (page & 15) == 0 && page + 16 <= to) {
        long word = tile[NIBBLES_AT + (page >> 4)];
        if (word == EACH_NIBBLE * (word & 15) && get(tile, page) == state) {
          page += 16;
          continue;
        }
      }
      if (get(tile, page) != state) {
        return page;
      }
      page++;
    }
    return to;
  }

  static void copy(long[] tile, int from, int count, char[] into, int at) {
    for (int i = 0; i < count; i++) {
      into[at + i] = (char) get(tile, from + i);
    }
  }

  /** {@return the tile in its smallest form} */
  static long[] compact(long[] tile) {
    return tile.length == PACKED_LONGS ? tile : repacked(tile);
  }

  /** {@return the state of all pages, or -1 where they differ} */
  static int uniformState(long[] tile) {
    return runEnd(tile, 0, PAGES) == PAGES ? get(tile, 0) : -1;
  }

  private static void setNibble(long[] tile, int page, int colour) {
    int shift = (page & 15) << 2;
    int at = NIBBLES_AT + (page >> 4);
    tile[at] = (tile[at] & ~(15L << shift)) | ((long) colour << shift);
  }

  private static int colours(long[] tile) {
    return (int) (tile[0] >>> 8) & 0xff;
  }

  /** The colour of a state, four compared at a time; -1 where the palette lacks it. */
  private static int find(long[] tile, int state) {
    if (tile.length != PACKED_LONGS) {
      return -1;
    }
    int colours = colours(tile);
    long wanted = EACH_CHAR * state;
    for (int i = 0; i < colours; i += 4) {
      long differs = tile[PALETTE_AT + (i >> 2)] ^ wanted;
      long equal = (differs - EACH_CHAR) & ~differs & EACH_TOP;
      if (equal != 0) {
        int colour = i + (Long.numberOfTrailingZeros(equal) >> 4);
        return colour < colours ? colour : -1;
      }
    }
    return -1;
  }

  /** A tile with a colour for one more state, or a raw one. */
  private static long[] withRoom(long[] tile, int state) {
    if (tile.length != PACKED_LONGS) {
      return tile;
    }
    long[] into = colours(tile) < COLOURS ? tile : repacked(tile);
    if (into.length == PACKED_LONGS) {
      add(into, state);
    }
    return into;
  }

  private static void add(long[] tile, int state) {
    int colour = colours(tile);
    int shift = (colour & 3) << 4;
    int at = PALETTE_AT + (colour >> 2);
    tile[at] = (tile[at] & ~(0xffffL << shift)) | ((long) state << shift);
    tile[0] = PACKED | ((colour + 1L) << 8);
  }

  /** The same pages with only the colours in use, or raw where those are many. */
  private static long[] repacked(long[] tile) {
    long[] packed = uniform(get(tile, 0));
    for (int page = 0; page < PAGES; page++) {
      int state = get(tile, page);
      int colour = find(packed, state);
      if (colour < 0) {
        if (colours(packed) == COLOURS_KEPT) {
          return raw(tile);
        }
        colour = colours(packed);
        add(packed, state);
      }
      setNibble(packed, page, colour);
    }
    return packed;
  }

  private static long[] raw(long[] tile) {
    if (tile.length == RAW_LONGS) {
      return tile;
    }
    long[] raw = new long[RAW_LONGS];
    raw[0] = RAW;
    for (int page = 0; page < PAGES; page++) {
      raw[RAW_AT + (page >> 2)] |= (long) get(tile, page) << ((page & 3) << 4);
    }
    return raw;
  }
}
