package dev.faultscope.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The pages whose newest state a viewer has not been sent: one bit a page, in blocks that are
 * allocated when a page of theirs changes. All a slow viewer costs.
 *
 * <p>Not safe for several threads.
 */
final class DirtyPages {
  /** Pages of a block. */
  static final int BLOCK_PAGES = 1 << 15;

  private static final int BLOCK_LONGS = BLOCK_PAGES / Long.SIZE;

  private @Nullable Bits[] regions = new Bits[4];
  private long count;

  /** {@return how many pages are dirty} */
  long count() {
    return count;
  }

  /** {@return a number that all regions with a dirty page are below} */
  int regionLimit() {
    return regions.length;
  }

  /** Marks pages. */
  void mark(int region, int first, int pages) {
    if (region >= regions.length) {
      regions = Arrays.copyOf(regions, Math.max(region + 1, regions.length * 2));
    }
    Bits bits = regions[region];
    if (bits == null) {
      bits = new Bits();
      regions[region] = bits;
    }
    count += bits.change(first, pages, true);
  }

  /** Takes marks back. */
  void clear(int region, int first, int pages) {
    Bits bits = region < regions.length ? regions[region] : null;
    if (bits != null) {
      count += bits.change(first, pages, false);
    }
  }

  /** Takes every mark back and gives the memory back. */
  void clearAll() {
    regions = new Bits[4];
    count = 0;
  }

  /** {@return the first dirty page at or after one, or -1} */
  int next(int region, int from) {
    Bits bits = region < regions.length ? regions[region] : null;
    return bits == null ? -1 : bits.next(from);
  }

  /** {@return the end of the run of dirty pages that starts at a dirty page, at most a limit} */
  int runEnd(int region, int from, int limit) {
    Bits bits = region < regions.length ? regions[region] : null;
    int page = from;
    while (bits != null && page < limit && bits.isSet(page)) {
      page++;
    }
    return page;
  }

  /** {@return bytes held} */
  long bytes() {
    long sum = 0;
    for (Bits bits : regions) {
      if (bits != null) {
        sum += bits.bytes();
      }
    }
    return sum;
  }

  private static final class Bits {
    private long[] @Nullable [] blocks = new long[1][];

    long bytes() {
      long sum = 8L * blocks.length;
      for (long @Nullable [] block : blocks) {
        sum += block == null ? 0 : 8L * BLOCK_LONGS;
      }
      return sum;
    }

    boolean isSet(int page) {
      int index = page / BLOCK_PAGES;
      long @Nullable [] block = index < blocks.length ? blocks[index] : null;
      return block != null && (block[(page % BLOCK_PAGES) >>> 6] & (1L << page)) != 0;
    }

    int next(int from) {
      for (int index = from / BLOCK_PAGES; index < blocks.length; index++) {
        long @Nullable [] block = blocks[index];
        if (block == null) {
          continue;
        }
        int start = Math.max(0, from - index * BLOCK_PAGES);
        for (int word = start >>> 6; word < BLOCK_LONGS; word++) {
          long bits = block[word];
          if (word == start >>> 6) {
            bits &= -1L << start;
          }
          if (bits != 0) {
            return index * BLOCK_PAGES + word * Long.SIZE + Long.numberOfTrailingZeros(bits);
          }
        }
      }
      return -1;
    }

    /** {@return by how much the number of set bits changed} */
    long change(int first, int pages, boolean on) {
      long changed = 0;
      int end = first + pages;
      int page = first;
      while (page < end) {
        int index = page / BLOCK_PAGES;
        int stop = (int) Math.min(end, (index + 1L) * BLOCK_PAGES);
        long @Nullable [] block = index < blocks.length ? blocks[index] : null;
        if (block == null && on) {
          block = allocate(index);
        }
        if (block != null) {
          changed += changeBlock(block, page % BLOCK_PAGES, stop - page, on);
        }
        page = stop;
      }
      return changed;
    }

    private long[] allocate(int index) {
      if (index >= blocks.length) {
        blocks = Arrays.copyOf(blocks, Math.max(index + 1, blocks.length * 2));
      }
      long[] block = new long[BLOCK_LONGS];
      blocks[index] = block;
      return block;
    }

    private static long changeBlock(long[] block, int first, int pages, boolean on) {
      long changed = 0;
      int bit = first;
      int end = first + pages;
      while (bit < end) {
        int word = bit >>> 6;
        int stop = Math.min(end, (word + 1) << 6);
        int width = stop - bit;
        long mask = (width == 64 ? -1L : (1L << width) - 1) << bit;
        long before = block[word];
        long after = on ? before | mask : before & ~mask;
        block[word] = after;
        changed += Long.bitCount(after) - Long.bitCount(before);
        bit = stop;
      }
      return changed;
    }
  }
}
