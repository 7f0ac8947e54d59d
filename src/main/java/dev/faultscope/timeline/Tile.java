package dev.faultscope.timeline;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The states of {@value #PAGES} consecutive pages.
 *
 * <p>Neighbouring pages share few distinct states, so a tile keeps a palette of up to 16 and four
 * bits a page; one that needs more keeps 16 bits a page.
 */
final class Tile {
  static final int SHIFT = 12;
  static final int PAGES = 1 << SHIFT;
  static final int MASK = PAGES - 1;

  static final int PACKED = 1;
  static final int RAW = 2;
  static final int HEADER_BYTES = 8;
  static final int PACKED_BYTES = HEADER_BYTES + 32 + PAGES / 2;
  static final int RAW_BYTES = HEADER_BYTES + PAGES * 2;

  private static final int COLOURS = 16;

  /** A tile with more states than this is not worth packing again: it would soon overflow. */
  private static final int COLOURS_KEPT = 12;

  private static final long EACH_NIBBLE = 0x1111_1111_1111_1111L;

  private final char[] palette = new char[COLOURS];
  private int colours;
  private long @Nullable [] words;
  private char @Nullable [] raw;

  private Tile(int colours, long @Nullable [] words, char @Nullable [] raw) {
    this.colours = colours;
    this.words = words;
    this.raw = raw;
  }

  /** {@return a tile whose pages all have one state} */
  static Tile uniform(int state) {
    Tile tile = new Tile(1, new long[PAGES / 16], null);
    tile.palette[0] = (char) state;
    return tile;
  }

  /** {@return a tile read from its {@link #PACKED_BYTES} or {@link #RAW_BYTES}, or null} */
  static @Nullable Tile read(MemorySegment from, long offset) {
    if (offset < 0 || offset > from.byteSize() - PACKED_BYTES) {
      return null;
    }
    int encoding = from.get(FileFormat.U8, offset);
    int colours = from.get(FileFormat.U8, offset + 1);
    if (encoding == PACKED && colours >= 1 && colours <= COLOURS) {
      Tile tile = new Tile(colours, new long[PAGES / 16], null);
      MemorySegment.copy(from, FileFormat.CHAR, offset + HEADER_BYTES, tile.palette, 0, COLOURS);
      MemorySegment.copy(
          from, FileFormat.I64, offset + HEADER_BYTES + 32, tile.words(), 0, PAGES / 16);
      return tile;
    }
    if (encoding == RAW && offset <= from.byteSize() - RAW_BYTES) {
      Tile tile = new Tile(0, null, new char[PAGES]);
      MemorySegment.copy(from, FileFormat.CHAR, offset + HEADER_BYTES, tile.raw(), 0, PAGES);
      return tile;
    }
    return null;
  }

  void write(ChunkWriter to) {
    if (raw == null) {
      to.u8(PACKED).u8(colours).u16(0).i32(0).chars(palette).longs(words());
    } else {
      to.u8(RAW).u8(0).u16(0).i32(0).chars(raw);
    }
  }

  int get(int page) {
    if (raw != null) {
      return raw[page];
    }
    return palette[(int) (words()[page >> 4] >>> ((page & 15) << 2)) & 15];
  }

  void set(int page, int state) {
    if (raw == null) {
      int colour = colourOf(state);
      if (colour >= 0) {
        long[] into = words();
        int shift = (page & 15) << 2;
        int word = page >> 4;
        into[word] = (into[word] & ~(15L << shift)) | ((long) colour << shift);
        return;
      }
    }
    raw()[page] = (char) state;
  }

  /** Sets pages {@code from} to {@code to - 1}. */
  void fill(int from, int to, int state) {
    int colour = raw == null ? colourOf(state) : -1;
    if (colour < 0) {
      Arrays.fill(raw(), from, to, (char) state);
      return;
    }
    long[] into = words();
    int page = from;
    while (page < to && (page & 15) != 0) {
      set(page++, state);
    }
    int lastWord = to >> 4;
    if (page < to && page >> 4 < lastWord) {
      Arrays.fill(into, page >> 4, lastWord, EACH_NIBBLE * colour);
      page = lastWord << 4;
    }
    while (page < to) {
      set(page++, state);
    }
  }

  /** {@return the end, at most {@code to}, of the run of equal states that starts at a page} */
  int runEnd(int from, int to) {
    int state = get(from);
    int page = from + 1;
    while (page < to) {
      if (raw == null && (page & 15) == 0 && page + 16 <= to) {
        long word = words()[page >> 4];
        if (word == EACH_NIBBLE * (word & 15) && palette[(int) word & 15] == state) {
          page += 16;
          continue;
        }
      }
      if (get(page) != state) {
        return page;
      }
      page++;
    }
    return to;
  }

  void copy(int from, int count, char[] into, int at) {
    if (raw != null) {
      System.arraycopy(raw, from, into, at, count);
      return;
    }
    long[] source = words();
    for (int i = 0; i < count; i++) {
      int page = from + i;
      into[at + i] = palette[(int) (source[page >> 4] >>> ((page & 15) << 2)) & 15];
    }
  }

  /** Goes back to the smallest form: a writer calls it before it saves the tile. */
  void compact() {
    if (raw != null) {
      repack();
    }
  }

  /** {@return the state of all pages, or -1 where they differ} */
  int uniformState() {
    return runEnd(0, PAGES) == PAGES ? get(0) : -1;
  }

  int savedBytes() {
    return raw == null ? PACKED_BYTES : RAW_BYTES;
  }

  /** The palette index of a state, or -1 after the tile has become raw. */
  private int colourOf(int state) {
    int index = find(state);
    if (index >= 0) {
      return index;
    }
    if (colours == COLOURS && !repack()) {
      return -1;
    }
    palette[colours] = (char) state;
    return colours++;
  }

  private int find(int state) {
    for (int i = 0; i < colours; i++) {
      if (palette[i] == state) {
        return i;
      }
    }
    return -1;
  }

  /** Rebuilds the palette from the states in use; false: there are too many, the tile is raw. */
  private boolean repack() {
    char[] states = new char[PAGES];
    copy(0, PAGES, states, 0);
    long[] packed = new long[PAGES / 16];
    char[] used = new char[COLOURS_KEPT];
    int n = 0;
    for (int page = 0; page < PAGES; page++) {
      int colour = 0;
      while (colour < n && used[colour] != states[page]) {
        colour++;
      }
      if (colour == n) {
        if (n == COLOURS_KEPT) {
          words = null;
          raw = states;
          return false;
        }
        used[n++] = states[page];
      }
      packed[page >> 4] |= (long) colour << ((page & 15) << 2);
    }
    System.arraycopy(used, 0, palette, 0, n);
    colours = n;
    words = packed;
    raw = null;
    return true;
  }

  private long[] words() {
    if (words == null) {
      throw new AssertionError("raw tile");
    }
    return words;
  }

  private char[] raw() {
    if (raw == null) {
      throw new AssertionError("packed tile");
    }
    return raw;
  }
}
