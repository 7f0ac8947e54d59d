package dev.faultscope.live.handler;

import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.attach.PeerMemory;
import dev.faultscope.model.Region;
import dev.faultscope.policy.HandledPages;
import dev.faultscope.policy.HandledPages.Content;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All regions of a peer, and what is known of their pages. For the handler's thread. */
final class PeerPages {
  private final List<RegionPages> regions = new ArrayList<>();
  private final HandledPages handled;

  /**
   * Looks at a peer's memory.
   *
   * @param hasSource whether there is content for missing pages; else they are zeros
   */
  PeerPages(Peer peer, boolean hasSource) {
    Map<GuestRegion, PeerMemory.Facts> facts =
        PeerMemory.look(peer.credentials().pid(), peer.regions());
    List<HandledPages.Area> areas = new ArrayList<>();
    int start = 0;
    for (GuestRegion region : peer.regions()) {
      PeerMemory.Facts fact = facts.get(region);
      RegionPages pages =
          new RegionPages(region, regions.size(), fact == null ? 0 : fact.modes(), start);
      regions.add(pages);
      areas.add(area(pages, hasSource));
      start = Math.addExact(start, pages.count());
    }
    handled = new HandledPages(areas);
  }

  private static HandledPages.Area area(RegionPages pages, boolean hasSource) {
    GuestRegion region = pages.region();
    boolean minor = (pages.modes() & Region.MINOR) != 0;
    return new HandledPages.Area(
        String.valueOf(pages.index()),
        0,
        region.base(),
        pages.count(),
        pages.unit(),
        region.offset() / Region.PAGE_BYTES,
        minor || pages.modes() == 0 || region.guestMemfd(),
        !region.guestMemfd(),
        !region.guestMemfd(),
        minor ? Content.CACHED : hasSource ? Content.SOURCE : Content.ZEROS);
  }

  List<RegionPages> all() {
    return regions;
  }

  HandledPages handled() {
    return handled;
  }

  RegionPages of(WaitingFault fault) {
    return regions.get(fault.region());
  }

  RegionPages at(int index) {
    return regions.get(index);
  }

  /** {@return the region of a page, numbered through all of them} */
  RegionPages holding(int page) {
    int i = regions.size() - 1;
    while (regions.get(i).start() > page) {
      i--;
    }
    return regions.get(i);
  }

  @Nullable RegionPages containing(long address) {
    for (RegionPages pages : regions) {
      if (pages.region().contains(address)) {
        return pages;
      }
    }
    return null;
  }
}
