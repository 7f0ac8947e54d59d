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
 *
 * <p>In memory, not in the file, a tile of which few pages have another than the first colour is
 * sparse: encoding, number of colours and of those pages in one long, the palette, then two of the
 * pages a long, in order. Of a terabyte with something everywhere all tiles are like that.
 */
final class Tile {
  static final int SHIFT = 12;
  static final int PAGES = 1 << SHIFT;
  static final int MASK = PAGES - 1;

  private static final int PACKED = 1;
  private static final int RAW = 2;
  private static final int SPARSE = 3;
  private static final int COLOURS = 16;

  /** A tile with more states than this is not worth packing again: it would soon overflow. */
  private static final int COLOURS_KEPT = 12;

  private static final int PALETTE_AT = 1;
  private static final int NIBBLES_AT = PALETTE_AT + COLOURS / 4;
  private static final int ENTRIES_AT = NIBBLES_AT;
  private static final int PACKED_LONGS = NIBBLES_AT + PAGES / 16;
  private static final int RAW_AT = 1;
  private static final int RAW_LONGS = RAW_AT + PAGES / 4;

  static final int PACKED_BYTES = PACKED_LONGS * 8;

  /** Most pages of a sparse tile that differ. */
  private static final int SPARSE_PAGES = 32;

  private static final int MOST_SPARSE_LONGS = ENTRIES_AT + SPARSE_PAGES / 2;

  private static final long EACH_NIBBLE = 0x1111_1111_1111_1111L;
  private static final long EACH_CHAR = 0x0001_0001_0001_0001L;
  private static final long EACH_TOP = 0x8000_8000_8000_8000L;

  private Tile() {}

  /** {@return a tile whose pages all have one state} */
  static long[] uniform(int state) {
    return uniform(ENTRIES_AT + 1, SPARSE, state);
  }

  private static long[] uniform(int longs, int encoding, int state) {
    long[] tile = new long[longs];
    tile[0] = encoding | (1L << 8);
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
    return packed ? sparse(tile) : tile;
  }

  static int get(long[] tile, int page) {
    if (tile.length == PACKED_LONGS) {
      int colour = (int) (tile[NIBBLES_AT + (page >> 4)] >>> ((page & 15) << 2)) & 15;
      return (int) (tile[PALETTE_AT + (colour >> 2)] >>> ((colour & 3) << 4)) & 0xffff;
    }
    if (tile.length == RAW_LONGS) {
      return (int) (tile[RAW_AT + (page >> 2)] >>> ((page & 3) << 4)) & 0xffff;
    }
    int at = find(tile, page, differing(tile));
    return at >= 0 ? entry(tile, at) & 0xffff : rest(tile);
  }

  /** Sets a page; {@return the tile, which may be another} */
  static long[] set(long[] tile, int page, int state) {
    if (isSparse(tile)) {
      return setSparse(tile, page, state);
    }
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
    long[] dense = isSparse(tile) ? packed(tile) : tile;
    long[] into = find(dense, state) >= 0 ? dense : withRoom(dense, state);
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
    if (isSparse(tile)) {
      return runEndSparse(tile, from, to);
    }
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
    if (isSparse(tile)) {
      copySparse(tile, from, count, into, at);
      return;
    }
    for (int i = 0; i < count; i++) {
      into[at + i] = (char) get(tile, from + i);
    }
  }

  /** {@return the tile in the smallest form that a file has} */
  static long[] saved(long[] tile) {
    if (isSparse(tile)) {
      return packed(tile);
    }
    return tile.length == PACKED_LONGS ? tile : repacked(tile);
  }

  static boolean isSparse(long[] tile) {
    return tile.length <= MOST_SPARSE_LONGS;
  }

  /** How many pages of a sparse tile have another than the first colour. */
  private static int differing(long[] tile) {
    return (int) (tile[0] >>> 16) & 0xff;
  }

  /** The state of all others: the first colour. */
  private static int rest(long[] tile) {
    return (int) tile[PALETTE_AT] & 0xffff;
  }

  /** A page that differs in the upper, its state in the lower half. */
  private static int entry(long[] tile, int at) {
    return (int) (tile[ENTRIES_AT + (at >> 1)] >>> ((at & 1) << 5));
  }

  private static void putEntry(long[] tile, int at, int entry) {
    int shift = (at & 1) << 5;
    int index = ENTRIES_AT + (at >> 1);
    tile[index] = (tile[index] & ~(0xffff_ffffL << shift)) | ((entry & 0xffff_ffffL) << shift);
  }

  /** Where a page stands among those that differ; where it would, as -1 minus that, if not. */
  private static int find(long[] tile, int page, int differing) {
    int low = 0;
    int high = differing - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int there = entry(tile, middle) >>> 16;
      if (there == page) {
        return middle;
      }
      if (there < page) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  private static long[] setSparse(long[] tile, int page, int state) {
    int n = differing(tile);
    int at = find(tile, page, n);
    if (state == rest(tile)) {
      if (at >= 0) {
        for (int i = at + 1; i < n; i++) {
          putEntry(tile, i - 1, entry(tile, i));
        }
        tile[0] -= 1L << 16;
      }
      return tile;
    }
    boolean known = find(tile, state) >= 0;
    if ((at < 0 && n == SPARSE_PAGES) || (!known && colours(tile) == COLOURS)) {
      return set(packed(tile), page, state);
    }
    if (!known) {
      add(tile, state);
    }
    if (at >= 0) {
      putEntry(tile, at, page << 16 | state);
      return tile;
    }
    int wanted = -1 - at;
    int room = tile.length - ENTRIES_AT;
    long[] into = n == 2 * room ? Arrays.copyOf(tile, ENTRIES_AT + 2 * room) : tile;
    for (int i = n; i > wanted; i--) {
      putEntry(into, i, entry(into, i - 1));
    }
    putEntry(into, wanted, page << 16 | state);
    into[0] += 1L << 16;
    return into;
  }

  private static int runEndSparse(long[] tile, int from, int to) {
    int n = differing(tile);
    int at = find(tile, from, n);
    if (at < 0) {
      int next = -1 - at;
      return next < n ? Math.min(entry(tile, next) >>> 16, to) : to;
    }
    int state = entry(tile, at) & 0xffff;
    int page = from + 1;
    for (int i = at + 1; i < n && page < to && entry(tile, i) == (page << 16 | state); i++) {
      page++;
    }
    return page;
  }

  private static void copySparse(long[] tile, int from, int count, char[] into, int at) {
    Arrays.fill(into, at, at + count, (char) rest(tile));
    int n = differing(tile);
    int found = find(tile, from, n);
    for (int i = found < 0 ? -1 - found : found; i < n; i++) {
      int page = entry(tile, i) >>> 16;
      if (page >= from + count) {
        return;
      }
      into[at + page - from] = (char) entry(tile, i);
    }
  }

  private static long[] packed(long[] sparse) {
    long[] tile = new long[PACKED_LONGS];
    tile[0] = PACKED | ((long) colours(sparse) << 8);
    System.arraycopy(sparse, PALETTE_AT, tile, PALETTE_AT, NIBBLES_AT - PALETTE_AT);
    for (int i = 0; i < differing(sparse); i++) {
      int entry = entry(sparse, i);
      setNibble(tile, entry >>> 16, find(tile, entry & 0xffff));
    }
    return tile;
  }

  /** A packed tile as a sparse one, where few pages differ from its first colour. */
  private static long[] sparse(long[] packed) {
    int differing = 0;
    for (int i = NIBBLES_AT; i < PACKED_LONGS && differing <= SPARSE_PAGES; i++) {
      long word = packed[i];
      differing += Long.bitCount((word | word >>> 1 | word >>> 2 | word >>> 3) & EACH_NIBBLE);
    }
    if (differing > SPARSE_PAGES) {
      return packed;
    }
    int pairs = Math.max(1, (differing + 1) / 2);
    long[] tile = Arrays.copyOf(packed, ENTRIES_AT + Integer.highestOneBit(2 * pairs - 1));
    Arrays.fill(tile, ENTRIES_AT, tile.length, 0);
    tile[0] = SPARSE | ((long) colours(packed) << 8);
    for (int page = 0; page < PAGES; page++) {
      if (packed[NIBBLES_AT + (page >> 4)] == 0) {
        page |= 15;
      } else {
        tile = set(tile, page, get(packed, page));
      }
    }
    return tile;
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
    if (tile.length == RAW_LONGS) {
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
    tile[0] += 1L << 8;
  }

  /** The same pages with only the colours in use, or raw where those are many. */
  private static long[] repacked(long[] tile) {
    long[] packed = uniform(PACKED_LONGS, PACKED, get(tile, 0));
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
