package dev.faultscope.policy;

import static dev.faultscope.model.Region.PAGE_BYTES;

import java.util.List;

/**
 * The pages that a handler answers for, numbered through all its mappings from 0, and what it knows
 * of each. A page of a huge mapping is one of 4 KiB all the same; {@link #unitStart} says which
 * belong together.
 */
public final class HandledPages {
  /** Where the content of pages is. */
  public enum Content {
    /** Their file holds it. */
    CACHED,
    /** The handler's source has it. */
    SOURCE,
    /** Nowhere: they are zeros, which nobody puts in place unasked. */
    ZEROS
  }

  /**
   * One mapping, or part of one.
   *
   * @param name the mapping's name in the scenario
   * @param firstPage the page of the mapping that it begins with
   * @param address of its first byte
   * @param pages its size
   * @param unitPages pages that are mapped together
   * @param filePage the page of its file that it begins with
   * @param minor whether pages can be put in place by CONTINUE
   * @param missing whether pages can be put in place by COPY
   * @param minorMeansFilled whether a minor fault says that the file holds the content; guest_memfd
   *     may allocate a page before the message
   * @param content where what belongs in its pages is at the start
   */
  public record Area(
      String name,
      int firstPage,
      long address,
      int pages,
      int unitPages,
      long filePage,
      boolean minor,
      boolean missing,
      boolean minorMeansFilled,
      Content content) {}

  private final Area[] areas;
  private final int[] starts;
  private final int pages;

  /**
   * What is known of 64 pages: a word for each of the three below, side by side because the three
   * are asked of a page at once and pages come in random order.
   */
  private final long[] known;

  private static final int INSTALLED = 0;
  private static final int FILLED = 1;
  private static final int REMOVED = 2;
  private static final int WORDS_AT = 2;

  public HandledPages(List<Area> list) {
    areas = list.toArray(Area[]::new);
    starts = new int[areas.length];
    int all = 0;
    for (int i = 0; i < areas.length; i++) {
      starts[i] = all;
      all = Math.addExact(all, areas[i].pages());
    }
    pages = all;
    known = new long[(all / 64 + 1) << WORDS_AT];
    for (int i = 0; i < areas.length; i++) {
      switch (areas[i].content()) {
        case CACHED -> set(FILLED, starts[i], areas[i].pages(), true);
        case ZEROS -> set(REMOVED, starts[i], areas[i].pages(), true);
        case SOURCE -> {}
      }
    }
  }

  public int pages() {
    return pages;
  }

  /** {@return the page at an address, -1 where it is nobody's} */
  public int pageAt(long address) {
    for (int i = 0; i < areas.length; i++) {
      long offset = address - areas[i].address();
      if (offset >= 0 && offset < areas[i].pages() * PAGE_BYTES) {
        return starts[i] + (int) (offset / PAGE_BYTES);
      }
    }
    return -1;
  }

  private int index(int page) {
    int i = areas.length - 1;
    while (starts[i] > page) {
      i--;
    }
    return i;
  }

  public Area area(int page) {
    return areas[index(page)];
  }

  public long address(int page) {
    int i = index(page);
    return areas[i].address() + (page - starts[i]) * PAGE_BYTES;
  }

  /** {@return the page's number within its mapping} */
  public int pageInMapping(int page) {
    int i = index(page);
    return areas[i].firstPage() + page - starts[i];
  }

  /** {@return the number of a mapping's page here, -1 where it is nobody's} */
  public int page(String mapping, int page) {
    for (int i = 0; i < areas.length; i++) {
      int inArea = page - areas[i].firstPage();
      if (inArea >= 0 && inArea < areas[i].pages() && areas[i].name().equals(mapping)) {
        return starts[i] + inArea;
      }
    }
    return -1;
  }

  /** {@return the page of a file's byte, -1 where it is nobody's} */
  public int pageOfFile(long offset) {
    for (int i = 0; i < areas.length; i++) {
      long inArea = offset / PAGE_BYTES - areas[i].filePage();
      if (offset >= 0 && inArea >= 0 && inArea < areas[i].pages()) {
        return starts[i] + (int) inArea;
      }
    }
    return -1;
  }

  /** {@return the first page of the mapping that a page is in} */
  public int areaStart(int page) {
    return starts[index(page)];
  }

  /** {@return the first page behind the mapping that a page is in} */
  public int areaEnd(int page) {
    int i = index(page);
    return starts[i] + areas[i].pages();
  }

  /** {@return the first of the pages that are mapped together with one} */
  public int unitStart(int page) {
    int i = index(page);
    int inArea = page - starts[i];
    return starts[i] + inArea - inArea % areas[i].unitPages();
  }

  /** {@return whether the handler put the page in place and it was not taken away since} */
  public boolean isInstalled(int page) {
    return isSet(INSTALLED, page);
  }

  /**
   * {@return the first page from one on that lacks, at most {@code end}}: it is not in place, and
   * the guest did not give it back
   */
  public int nextAbsent(int from, int end) {
    int page = from;
    while (page < end) {
      long absent = ~settled(page >> 6) >>> (page & 63);
      if (absent != 0) {
        return Math.min(end, page + Long.numberOfTrailingZeros(absent));
      }
      page = (page | 63) + 1;
    }
    return end;
  }

  /** {@return the first page from one on that does not lack, at most {@code end}} */
  public int nextSettled(int from, int end) {
    int page = from;
    while (page < end) {
      long there = settled(page >> 6) >>> (page & 63);
      if (there != 0) {
        return Math.min(end, page + Long.numberOfTrailingZeros(there));
      }
      page = (page | 63) + 1;
    }
    return end;
  }

  /** {@return the first of the pages without a gap before one that lack} */
  public int absentSince(int page, int least) {
    int first = page;
    while (first > least && !isSettled(first - 1)) {
      first--;
    }
    return first;
  }

  /** {@return how many pages lack} */
  public int absent() {
    int absent = pages;
    for (int word = 0; word <= pages / 64; word++) {
      absent -= Long.bitCount(settled(word));
    }
    return absent;
  }

  /** {@return whether a page is in place, or was given back and is nobody's to fill unasked} */
  public boolean isSettled(int page) {
    return (settled(page >> 6) & (1L << page)) != 0;
  }

  private long settled(int word) {
    int at = word << WORDS_AT;
    return known[at + INSTALLED] | known[at + REMOVED];
  }

  /** The handler put pages in place. */
  public void installed(int page, int count) {
    set(INSTALLED, page, count, true);
    set(FILLED, page, count, true);
  }

  /** {@return whether the page's file holds its content} */
  public boolean isFilled(int page) {
    return isSet(FILLED, page);
  }

  public void filled(int page, int count) {
    set(FILLED, page, count, true);
  }

  /**
   * A message says that the page is missing, or that its file holds it and it is not mapped. One
   * that was in place and is missing was given back, and nobody told.
   */
  public void told(int page, boolean minor) {
    Area area = area(page);
    if (minor) {
      if (area.minorMeansFilled()) {
        set(FILLED, page, 1, true);
        set(REMOVED, page, 1, false);
      }
    } else if (isInstalled(page)) {
      removed(unitStart(page), area.unitPages());
    } else if (area.missing()) {
      set(FILLED, page, 1, false);
    }
  }

  /** The pages' file turned out not to hold their content. */
  public void unfilled(int page, int count) {
    set(FILLED, page, count, false);
  }

  /** {@return whether the guest gave the page back: from then on it is zeros} */
  public boolean isRemoved(int page) {
    return isSet(REMOVED, page);
  }

  /** The guest gave pages back. */
  public void removed(int page, int count) {
    set(INSTALLED, page, count, false);
    set(FILLED, page, count, false);
    set(REMOVED, page, count, true);
  }

  private boolean isSet(int what, int page) {
    return (known[(page >> 6 << WORDS_AT) + what] & (1L << page)) != 0;
  }

  private void set(int what, int page, int count, boolean on) {
    for (int at = page; at < page + count; ) {
      int end = Math.min(page + count, (at | 63) + 1);
      long mask = (end - at == 64 ? -1L : (1L << (end - at)) - 1) << at;
      int word = (at >> 6 << WORDS_AT) + what;
      known[word] = on ? known[word] | mask : known[word] & ~mask;
      at = end;
    }
  }
}
