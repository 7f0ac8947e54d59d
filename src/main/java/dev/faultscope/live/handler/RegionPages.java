package dev.faultscope.live.handler;

import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.model.Region;

/**
 * A region of a peer, and where its pages of 4 KiB are among all that the handler answers for.
 *
 * @param index which of the peer's regions it is
 * @param modes what it is registered for: bits of {@link Region}; 0 where that is unknown
 * @param start number of its first page
 */
record RegionPages(GuestRegion region, int index, int modes, int start) {

  /** {@return how many pages it has} */
  int count() {
    return (int) (region.size() / Region.PAGE_BYTES);
  }

  /** {@return the number behind its last page} */
  int end() {
    return start + count();
  }

  /** {@return pages that are mapped together} */
  int unit() {
    return (int) (region.pageSize() / Region.PAGE_BYTES);
  }

  /** {@return the address of a page, counted within the region} */
  long address(int page) {
    return region.base() + (long) page * Region.PAGE_BYTES;
  }
}
