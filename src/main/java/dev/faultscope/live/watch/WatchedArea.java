package dev.faultscope.live.watch;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.PageMap;
import dev.faultscope.live.attach.PeerMemory.Area;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import java.util.BitSet;

/** One registered range and which of its pages the last sample saw mapped. */
final class WatchedArea {
  private final Area area;
  private final int region;
  private final int pages;
  private BitSet present = new BitSet();
  private BitSet scanned = new BitSet();
  private long appeared;
  private long vanished;

  WatchedArea(Area area, int region) {
    this.area = area;
    this.region = region;
    pages = Math.toIntExact(area.pages());
  }

  Area area() {
    return area;
  }

  int region() {
    return region;
  }

  int pages() {
    return pages;
  }

  long presentPages() {
    return present.cardinality();
  }

  long appeared() {
    return appeared;
  }

  long vanished() {
    return vanished;
  }

  /** Asks the page table and writes what changed since the last sample. */
  void sample(PageMap map, WatchJournal journal, long time, boolean first) throws LinuxException {
    BitSet now = scanned;
    now.clear();
    for (PageMap.Range range : map.scan(area.start(), area.end())) {
      if ((range.categories() & PageMap.PRESENT) != 0) {
        int from = pageOf(range.start());
        int to = pageOf(range.end());
        now.set(from, to);
        int gone = present.nextClearBit(from);
        while (gone < to) {
          int end = Math.min(to, next(present, gone));
          came(journal, time, gone, end, (range.categories() & PageMap.ZERO) != 0);
          appeared += first ? 0 : end - gone;
          gone = present.nextClearBit(end);
        }
      }
    }
    int lost = present.nextSetBit(0);
    while (lost >= 0) {
      if (now.get(lost)) {
        lost = nextLost(now, lost);
        continue;
      }
      int end = Math.min(next(now, lost), present.nextClearBit(lost));
      went(journal, time, lost, end);
      vanished += end - lost;
      lost = present.nextSetBit(end);
    }
    scanned = present;
    present = now;
  }

  private int nextLost(BitSet now, int from) {
    return present.nextSetBit(now.nextClearBit(from));
  }

  private int next(BitSet set, int from) {
    int at = set.nextSetBit(from);
    return at < 0 ? pages : at;
  }

  private int pageOf(long address) {
    return (int) ((address - area.start()) / Region.PAGE_BYTES);
  }

  private void came(WatchJournal journal, long time, int from, int to, boolean zero) {
    int cached = area.backing().mapsCache() ? PageState.CACHED : 0;
    journal.append(
        journal
            .on(EventKind.INSTALL, time, region, from, to - from)
            .change(
                PageState.ZERO | PageState.WAITING,
                PageState.MAPPED | cached | (zero ? PageState.ZERO : 0)));
  }

  private void went(WatchJournal journal, long time, int from, int to) {
    journal.append(
        journal
            .on(EventKind.HOLE, time, region, from, to - from)
            .detail(HoleKind.UNKNOWN.code())
            .change(PageState.MAPPED | PageState.DIRTY | PageState.ZERO, 0));
  }
}
