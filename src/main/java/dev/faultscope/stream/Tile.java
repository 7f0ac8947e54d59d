package dev.faultscope.stream;

/**
 * A tile of 1 GiB as browsers draw it: 512 rows of 512 pages, fewer at its region's end.
 *
 * @param index from the region's start
 */
record Tile(int region, int index) {
  /** Pages of a tile. */
  static final int PAGES = 1 << 18;

  /** The highest index that a page may have. */
  static final int LAST = Integer.MAX_VALUE / PAGES;

  /** Most tiles of one viewer whose pages are sent: 32 MiB of states in the browser. */
  static final int MOST_WATCHED = 64;

  int firstPage() {
    return index * PAGES;
  }

  /**
   * {@return how many pages it has; 0 where it lies outside}
   *
   * @param pages of its region
   */
  int pages(int pages) {
    return Math.clamp((long) pages - firstPage(), 0, PAGES);
  }
}
