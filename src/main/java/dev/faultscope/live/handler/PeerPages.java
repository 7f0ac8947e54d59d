package dev.faultscope.live.handler;

import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.attach.PeerMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All regions of a peer, and what of them is filled. For the handler's thread. */
final class PeerPages {
  private final List<RegionPages> regions = new ArrayList<>();

  PeerPages(Peer peer) {
    Map<GuestRegion, PeerMemory.Facts> facts =
        PeerMemory.look(peer.credentials().pid(), peer.regions());
    for (GuestRegion region : peer.regions()) {
      PeerMemory.Facts fact = facts.get(region);
      regions.add(new RegionPages(region, regions.size(), fact == null ? 0 : fact.modes()));
    }
  }

  List<RegionPages> all() {
    return regions;
  }

  RegionPages of(WaitingFault fault) {
    return regions.get(fault.region());
  }

  RegionPages at(int index) {
    return regions.get(index);
  }

  @Nullable RegionPages containing(long address) {
    for (RegionPages pages : regions) {
      if (pages.region.contains(address)) {
        return pages;
      }
    }
    return null;
  }

  long largestPage() {
    return regions.stream().mapToLong(pages -> pages.region.pageSize()).max().orElse(0);
  }
}
