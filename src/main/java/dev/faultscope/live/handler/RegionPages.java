package dev.faultscope.live.handler;

import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.model.Region;
import java.util.BitSet;

/**
 * Which pages of a region, in the region's own page size, were filled and which were given back.
 */
final class RegionPages {
  final GuestRegion region;
  final int index;

  /** Pages of 4 KiB in one of the region's. */
  final int unit;

  /** Pages in the region's own size. */
  final int count;

  /** What it is registered for: bits of {@link Region}; 0 where that is unknown. */
  final int modes;

  final BitSet present = new BitSet();
  final BitSet removed = new BitSet();

  RegionPages(GuestRegion region, int index, int modes) {
    this.region = region;
    this.index = index;
    this.modes = modes;
    unit = (int) (region.pageSize() / Region.PAGE_BYTES);
    count = (int) (region.size() / region.pageSize());
  }

  long address(int page) {
    return region.base() + page * region.pageSize();
  }

  long bytes(int pages) {
    return pages * region.pageSize();
  }

  int firstPageOf(long address) {
    return (int) ((address - region.base()) / region.pageSize());
  }

  /** {@return the page of a fault, whose own is counted in 4 KiB} */
  int pageOf(WaitingFault fault) {
    return fault.page() / unit;
  }

  void filled(int first, int pages) {
    present.set(first, first + pages);
    removed.clear(first, first + pages);
  }

  void gone(int first, int behind) {
    present.clear(first, behind);
    removed.set(first, behind);
  }

  /** {@return the first page from there on that was neither filled nor given back} */
  int nextToFill(int from) {
    int page = from;
    while (page < count && (present.get(page) || removed.get(page))) {
      page++;
    }
    return page;
  }

  /** {@return where the run of pages to fill that begins there ends, at most there} */
  int runEnd(int from, int most) {
    return until(present.nextSetBit(from), until(removed.nextSetBit(from), most));
  }

  /** {@return where the run of pages to fill that ends with this page begins, at least there} */
  int runStart(int page, int least) {
    int first = Math.max(least, present.previousSetBit(page) + 1);
    return Math.min(page, Math.max(first, removed.previousSetBit(page) + 1));
  }

  private static int until(int next, int behind) {
    return next < 0 ? behind : Math.min(next, behind);
  }
}
