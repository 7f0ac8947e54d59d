package dev.faultscope.timeline;

import org.roaringbitmap.RoaringBitmap;

/**
 * Pages of one region. It takes as much room as there is in it, not as the pages lie far apart:
 * recordings may name any. Not safe for several threads.
 */
public final class PageSet {
  private final RoaringBitmap pages = new RoaringBitmap();

  /** Told consecutive pages. */
  @FunctionalInterface
  public interface Runs {
    void run(int firstPage, int pages);
  }

  public void add(int page) {
    pages.add(page);
  }

  /**
   * Adds consecutive pages.
   *
   * @param page the first, at least 0; {@code page + count} is at most 2^31
   * @param added told the runs of pages that were not in the set, the lowest first
   */
  public void add(int page, int count, Runs added) {
    long end = page + (long) count;
    long from = pages.nextAbsentValue(page);
    while (from < end) {
      long next = pages.nextValue((int) from);
      long to = next < 0 ? end : Math.min(next, end);
      added.run((int) from, (int) (to - from));
      pages.add(from, to);
      from = pages.nextAbsentValue((int) to);
    }
  }

  /** Adds consecutive pages. */
  public void add(int page, int count) {
    pages.add((long) page, page + (long) count);
  }

  /** {@return whether a page is in it} */
  public boolean contains(int page) {
    return pages.contains(page);
  }

  /** {@return how many pages there are in it} */
  public long size() {
    return pages.getLongCardinality();
  }
}
