package dev.faultscope.session.live;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.PageMap;
import dev.faultscope.model.Counted;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the recording says of a region's pages beside what the peer's page table says (PAGEMAP_SCAN,
 * which touches no page).
 *
 * @param region index of the region
 * @param recorded pages that are mapped by what was recorded
 * @param mapped pages that are mapped in the page table
 * @param onlyRecorded pages that only the recording has, e.g. reclaimed or given back unseen
 * @param onlyMapped pages that only the page table has, e.g. mapped by the kernel before a handler
 *     came
 */
record Residency(int region, long recorded, long mapped, long onlyRecorded, long onlyMapped) {

  /** Compares all regions, at the newest moment. */
  static List<Residency> of(Timeline timeline, int pid) throws LinuxException {
    List<Residency> all = new ArrayList<>();
    try (PageMap map = new PageMap(pid);
        Cursor cursor = timeline.cursor()) {
      cursor.seek(timeline.lastSequence());
      for (Region region : timeline.regions()) {
        all.add(of(region, map, cursor));
      }
    }
    return all;
  }

  /** {@return what all regions say, for a person} */
  static String inWords(List<Residency> all) {
    return all.stream().map(Residency::inWords).collect(Collectors.joining(" "));
  }

  private String inWords() {
    return onlyRecorded + onlyMapped == 0
        ? "Region %d: page table and recording agree on %s."
            .formatted(region, Counted.of(mapped, "mapped page"))
        : "Region %d: %s mapped as recorded, %d in the page table; %d only recorded, %d only there."
            .formatted(region, Counted.of(recorded, "page"), mapped, onlyRecorded, onlyMapped);
  }

  private static Residency of(Region region, PageMap map, Cursor cursor) throws LinuxException {
    BitSet mapped = new BitSet(region.pages());
    long end = region.base() + (long) region.pages() * Region.PAGE_BYTES;
    for (PageMap.Range range : map.scan(region.base(), end)) {
      mapped.set(
          (int) ((range.start() - region.base()) / Region.PAGE_BYTES),
          (int) ((range.end() - region.base()) / Region.PAGE_BYTES));
    }
    BitSet recorded = new BitSet(region.pages());
    for (int page = 0; page < region.pages(); page++) {
      if ((cursor.state(region.index(), page) & PageState.MAPPED) != 0) {
        recorded.set(page);
      }
    }
    BitSet both = (BitSet) mapped.clone();
    both.and(recorded);
    return new Residency(
        region.index(),
        recorded.cardinality(),
        mapped.cardinality(),
        recorded.cardinality() - both.cardinality(),
        mapped.cardinality() - both.cardinality());
  }
}
