package dev.faultscope.timeline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The states of all pages as {@link StateCodes}, in tiles that exist only where they are touched.
 *
 * <p>Each tile has a reference to where its content is saved: {@link #ABSENT}, one state for all
 * its pages ({@link #uniform}), a file offset, {@link #UNSAVED} after a change, or {@link #SAVING}
 * while a copy of it is on its way to the file. A saved tile is loaded when it is first needed.
 */
final class PageStates {
  static final long ABSENT = 0;
  static final long UNSAVED = Long.MIN_VALUE;
  private static final long SAVING = Long.MIN_VALUE + 1;

  /** Reads the tile saved at a file offset. */
  @FunctionalInterface
  interface TileSource {
    long[] load(long offset);
  }

  /** The tiles of one region. */
  static final class Slots {
    final long[] @Nullable [] tiles;
    final long[] references;

    Slots(int tileCount) {
      tiles = new long[tileCount][];
      references = new long[tileCount];
    }
  }

  private final TileSource source;
  private @Nullable Slots[] regions = new Slots[4];
  private int[] pages = new int[4];
  private int regionCount;
  private int unsaved;

  // The page that changed last and its state: what happens to a page comes in bursts.
  private int lastRegion;
  private int lastPage = -1;
  private int lastState;

  PageStates(TileSource source) {
    this.source = source;
  }

  /** {@return the reference of a tile whose pages all have one state} */
  static long uniform(int state) {
    return state == 0 ? ABSENT : -1L - state;
  }

  static boolean isUniform(long reference) {
    return reference <= 0 && reference > SAVING;
  }

  static int uniformState(long reference) {
    return reference == ABSENT ? 0 : (int) (-1 - reference);
  }

  static int tileCount(int pages) {
    return (pages + Tile.MASK) >>> Tile.SHIFT;
  }

  void addRegion(int pageCount) {
    if (regionCount == pages.length) {
      pages = Arrays.copyOf(pages, regionCount * 2);
      regions = Arrays.copyOf(regions, regionCount * 2);
    }
    pages[regionCount++] = pageCount;
  }

  int regionCount() {
    return regionCount;
  }

  /** {@return how many tiles are {@link #UNSAVED}} */
  int unsaved() {
    return unsaved;
  }

  int pages(int region) {
    return pages[region];
  }

  /**
   * {@return the pages of each region, and what comes after them; those of a region never change}
   */
  int[] pages() {
    return pages;
  }

  @Nullable Slots slots(int region) {
    return regions[region];
  }

  Slots touch(int region) {
    Slots slots = regions[region];
    if (slots == null) {
      slots = new Slots(tileCount(pages[region]));
      regions[region] = slots;
    }
    return slots;
  }

  int get(int region, int page) {
    Slots slots = regions[region];
    if (slots == null) {
      return 0;
    }
    int index = page >> Tile.SHIFT;
    long[] tile = slots.tiles[index];
    if (tile == null) {
      long reference = slots.references[index];
      if (isUniform(reference)) {
        return uniformState(reference);
      }
      tile = tile(slots, index);
    }
    return Tile.get(tile, page & Tile.MASK);
  }

  void set(int region, int page, int state) {
    Slots slots = touch(region);
    int index = page >> Tile.SHIFT;
    slots.tiles[index] = Tile.set(tile(slots, index), page & Tile.MASK, state);
    refer(slots, index, UNSAVED);
  }

  /**
   * Clears bits of a page, then sets bits.
   *
   * @return the code before in the upper 16 bits, the code after in the lower
   */
  int change(StateCodes codes, int region, int page, int clear, int set) {
    boolean same = page == lastPage && region == lastRegion;
    if (same && (clear | set) == 0) {
      return lastState << 16 | lastState;
    }
    return change(codes, region, page, same ? lastState : get(region, page), clear, set);
  }

  private int change(StateCodes codes, int region, int page, int before, int clear, int set) {
    int after = codes.after(region, before, clear, set);
    if (after != before) {
      set(region, page, after);
    }
    lastRegion = region;
    lastPage = page;
    lastState = after;
    return before << 16 | after;
  }

  void fill(int region, int first, int count, int state) {
    if (count == 1) {
      set(region, first, state);
      return;
    }
    Slots slots = touch(region);
    int end = first + count;
    for (int page = first; page < end; ) {
      int index = page >> Tile.SHIFT;
      int start = index << Tile.SHIFT;
      int from = page - start;
      int to = Math.min(end - start, Tile.PAGES);
      if (from == 0 && (to == Tile.PAGES || start + to == pages[region])) {
        slots.tiles[index] = null;
        refer(slots, index, uniform(state));
      } else {
        slots.tiles[index] = Tile.fill(tile(slots, index), from, to, state);
        refer(slots, index, UNSAVED);
      }
      page = start + to;
    }
  }

  /** {@return the end, at most {@code end}, of the run of equal states that starts at a page} */
  int runEnd(int region, int first, int end) {
    Slots slots = regions[region];
    if (slots == null) {
      return end;
    }
    int state = get(region, first);
    int page = first;
    while (page < end) {
      int index = page >> Tile.SHIFT;
      int start = index << Tile.SHIFT;
      int to = Math.min(end - start, Tile.PAGES);
      long[] tile = slots.tiles[index];
      if (tile == null && !isUniform(slots.references[index])) {
        tile = tile(slots, index);
      }
      if (tile == null) {
        if (uniformState(slots.references[index]) != state) {
          return page;
        }
      } else {
        if (Tile.get(tile, page - start) != state) {
          return page;
        }
        int stop = Tile.runEnd(tile, page - start, to);
        if (stop < to) {
          return start + stop;
        }
      }
      page = start + to;
    }
    return end;
  }

  void copy(int region, int first, int count, char[] into, int at) {
    Slots slots = regions[region];
    if (slots == null) {
      Arrays.fill(into, at, at + count, (char) 0);
      return;
    }
    int end = first + count;
    for (int page = first; page < end; ) {
      int index = page >> Tile.SHIFT;
      int start = index << Tile.SHIFT;
      int n = Math.min(end - page, Tile.PAGES - (page - start));
      int to = at + page - first;
      if (slots.tiles[index] == null && isUniform(slots.references[index])) {
        Arrays.fill(into, to, to + n, (char) uniformState(slots.references[index]));
      } else {
        Tile.copy(peek(slots, index), page - start, n, into, to);
      }
      page += n;
    }
  }

  /**
   * {@return these states for somebody who saves them while they go on to change here; say with
   * {@link #saved} when that is done, before the next time}
   */
  PageStates toSave() {
    PageStates copy = new PageStates(source);
    for (int region = 0; region < regionCount; region++) {
      copy.addRegion(pages[region]);
      Slots slots = regions[region];
      if (slots != null) {
        copySlots(slots, copy.touch(region));
      }
    }
    return copy;
  }

  private void copySlots(Slots from, Slots to) {
    System.arraycopy(from.references, 0, to.references, 0, to.references.length);
    for (int index = 0; index < to.references.length; index++) {
      if (from.references[index] == UNSAVED) {
        to.tiles[index] = tile(from, index).clone();
        refer(from, index, SAVING);
      }
    }
  }

  /** Where what {@link #toSave} returned is saved now: what did not change since is saved there. */
  void saved(PageStates copy) {
    for (int region = 0; region < copy.regionCount; region++) {
      Slots slots = regions[region];
      Slots done = copy.regions[region];
      if (slots != null && done != null) {
        for (int index = 0; index < slots.references.length; index++) {
          if (slots.references[index] == SAVING) {
            slots.tiles[index] = done.tiles[index];
            refer(slots, index, done.references[index]);
          }
        }
      }
    }
  }

  /** {@return whether pages are all as their region's began} */
  boolean isUntouched(int region, int first, int count) {
    Slots slots = regions[region];
    int end = first + count;
    for (int page = first; slots != null && page < end; ) {
      int index = page >> Tile.SHIFT;
      int start = index << Tile.SHIFT;
      int to = Math.min(end - start, Tile.PAGES);
      if (slots.tiles[index] == null && isUniform(slots.references[index])) {
        if (slots.references[index] != ABSENT) {
          return false;
        }
      } else {
        long[] tile = peek(slots, index);
        if (Tile.get(tile, page - start) != 0 || Tile.runEnd(tile, page - start, to) < to) {
          return false;
        }
      }
      page = start + to;
    }
    return true;
  }

  /**
   * A tile that is not uniform, to be read. One that is only saved is not kept: who looks at all
   * memory would otherwise hold all of it.
   */
  private long[] peek(Slots slots, int index) {
    long[] tile = slots.tiles[index];
    return tile == null ? source.load(slots.references[index]) : tile;
  }

  /** Says where the content of a tile is saved. */
  void refer(Slots slots, int index, long reference) {
    lastPage = -1;
    long old = slots.references[index];
    if (old != reference) {
      slots.references[index] = reference;
      unsaved += (reference == UNSAVED ? 1 : 0) - (old == UNSAVED ? 1 : 0);
    }
  }

  /** {@return the tile, loaded or made of its one state} */
  long[] tile(Slots slots, int index) {
    long[] tile = slots.tiles[index];
    if (tile == null) {
      long reference = slots.references[index];
      tile = isUniform(reference) ? Tile.uniform(uniformState(reference)) : source.load(reference);
      slots.tiles[index] = tile;
    }
    return tile;
  }
}
