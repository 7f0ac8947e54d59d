package dev.faultscope.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The cells whose newest content a viewer has not been sent: one bit a cell, and one long for the
 * {@value #BAND_CELLS} cells beside each other. A terabyte takes 512 KiB.
 *
 * <p>A cell is a square of 8 × 8 pages of rows of 512; the cells of a band are {@value #BAND_PAGES}
 * consecutive pages. Not safe for several threads.
 */
final class DirtyCells {
  /** Pages of a row. */
  static final int ROW_PAGES = 512;

  /** Pages at each side of a cell. */
  static final int SIDE = 8;

  /** Cells beside each other. */
  static final int BAND_CELLS = ROW_PAGES / SIDE;

  /** Pages of a band. */
  static final int BAND_PAGES = ROW_PAGES * SIDE;

  private long[] @Nullable [] regions = new long[4][];
  private long count;

  /** {@return how many cells are dirty} */
  long count() {
    return count;
  }

  /** {@return a number that all regions with a dirty cell are below} */
  int regionLimit() {
    return regions.length;
  }

  /** Marks the cells of consecutive pages. */
  void mark(int region, int first, int pages) {
    long end = (long) first + pages;
    for (long page = first; page < end; ) {
      int band = (int) (page / BAND_PAGES);
      long stop = Math.min(end, (band + 1L) * BAND_PAGES);
      add(region, band, columns((int) (page % ROW_PAGES), (int) (stop - page)));
      page = stop;
    }
  }

  /** The cells that pages from a place in a row on lie in, as bits. */
  private static long columns(int inRow, int pages) {
    int from = inRow / SIDE;
    int last = (inRow + Math.min(pages, ROW_PAGES) - 1) / SIDE;
    if (pages >= ROW_PAGES || last - from >= BAND_CELLS) {
      return -1L;
    }
    // Bits that go beyond the row come back at the start of the next one.
    return Long.rotateLeft(-1L >>> (BAND_CELLS - 1 - (last - from)), from);
  }

  private void add(int region, int band, long cells) {
    if (region >= regions.length) {
      regions = Arrays.copyOf(regions, Math.max(region + 1, regions.length * 2));
    }
    long @Nullable [] bands = regions[region];
    if (bands == null) {
      bands = new long[Math.max(band + 1, 16)];
    } else if (band >= bands.length) {
      bands = Arrays.copyOf(bands, Math.max(band + 1, bands.length * 2));
    }
    regions[region] = bands;
    count += Long.bitCount(cells & ~bands[band]);
    bands[band] |= cells;
  }

  /** {@return the first band at or after one with a dirty cell, or -1} */
  int nextBand(int region, int from) {
    long @Nullable [] bands = region < regions.length ? regions[region] : null;
    for (int band = from; bands != null && band < bands.length; band++) {
      if (bands[band] != 0) {
        return band;
      }
    }
    return -1;
  }

  /** {@return the dirty cells of a band, as bits} */
  long cells(int region, int band) {
    long @Nullable [] bands = region < regions.length ? regions[region] : null;
    return bands == null || band >= bands.length ? 0 : bands[band];
  }

  /** Takes marks of a band back. */
  void clear(int region, int band, long cells) {
    long @Nullable [] bands = region < regions.length ? regions[region] : null;
    if (bands != null && band < bands.length) {
      count -= Long.bitCount(bands[band] & cells);
      bands[band] &= ~cells;
    }
  }

  /** Takes every mark back and gives the memory back. */
  void clearAll() {
    regions = new long[4][];
    count = 0;
  }

  /** {@return bytes held} */
  long bytes() {
    long sum = 0;
    for (long @Nullable [] bands : regions) {
      sum += bands == null ? 0 : 8L * bands.length;
    }
    return sum;
  }
}
