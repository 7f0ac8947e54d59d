package dev.faultscope.trace.ftrace;

import dev.faultscope.model.Backing;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.trace.input.RegionSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the region of a host virtual or guest physical address. */
final class AddressMap {
  private static final int WINDOW_SHIFT = 26;

  private final List<Region> regions = new ArrayList<>();
  private final boolean[] registered;
  private final @Nullable Recorder learns;
  private long[] hvaBase = {};
  private int[] hvaRegion = {};
  private long[] gpaBase = {};
  private int[] gpaRegion = {};
  private final boolean hasRegistered;
  private int lastHva;
  private int lastGpa;

  AddressMap(List<RegionSpec> specs, boolean inferred) {
    learns = null;
    registered = new boolean[specs.size()];
    for (RegionSpec spec : specs) {
      registered[regions.size()] = spec.registered();
      regions.add(spec.toRegion(regions.size(), inferred));
    }
    hasRegistered = specs.stream().anyMatch(RegionSpec::registered);
    sort();
  }

  private AddressMap(Recorder learns) {
    this.learns = learns;
    registered = new boolean[Region.MAX_REGIONS];
    hasRegistered = false;
  }

  /** {@return one that makes a region of 64 MiB wherever an address is in none, and declares it} */
  static AddressMap growing(Recorder recorder) {
    return new AddressMap(recorder);
  }

  private int learn(long address, boolean guest) {
    Recorder recorder = learns;
    if (recorder == null || regions.size() == Region.MAX_REGIONS) {
      return -1;
    }
    long base = address >>> WINDOW_SHIFT << WINDOW_SHIFT;
    Region region =
        new Region(
            regions.size(),
            (guest ? "guest-0x" : "host-0x") + Long.toHexString(base),
            base,
            guest ? base : Region.NO_GPA,
            1 << WINDOW_SHIFT - Region.PAGE_SHIFT,
            Backing.UNKNOWN,
            0,
            true,
            PageState.UNKNOWN);
    regions.add(region);
    recorder.region(region);
    sort();
    return region.index();
  }

  private void sort() {
    List<Region> byHva = new ArrayList<>(regions);
    byHva.sort((a, b) -> Long.compareUnsigned(a.base(), b.base()));
    hvaBase = byHva.stream().mapToLong(Region::base).toArray();
    hvaRegion = byHva.stream().mapToInt(Region::index).toArray();
    List<Region> byGpa = new ArrayList<>(regions);
    byGpa.removeIf(region -> region.gpaBase() == Region.NO_GPA);
    byGpa.sort(Comparator.comparing(Region::gpaBase, Long::compareUnsigned));
    gpaBase = byGpa.stream().mapToLong(Region::gpaBase).toArray();
    gpaRegion = byGpa.stream().mapToInt(Region::index).toArray();
  }

  List<Region> regions() {
    return regions;
  }

  Region region(int index) {
    return regions.get(index);
  }

  /** {@return whether a userfaultfd may answer faults of a region} */
  boolean isRegistered(int index) {
    return registered[index];
  }

  /** {@return whether a userfaultfd may answer faults of any region} */
  boolean hasRegistered() {
    return hasRegistered;
  }

  /** {@return whether any region is known by its guest physical addresses} */
  boolean hasGuest() {
    return gpaBase.length > 0;
  }

  /** Pages of one region. */
  record Part(int region, int first, int pages) {}

  /** {@return what regions hold of consecutive pages of guest physical addresses} */
  List<Part> partsOfGpa(long address, int pages) {
    int region = ofGpa(address);
    if (region >= 0) {
      Region of = regions.get(region);
      int first = of.pageOfGpa(address);
      if (pages <= of.pages() - first) {
        return List.of(new Part(region, first, pages));
      }
    }
    long end = address + ((long) pages << Region.PAGE_SHIFT);
    if (learns != null) {
      for (long at = address; at < end; at += 1L << WINDOW_SHIFT) {
        ofGpa(at);
      }
    }
    List<Part> parts = new ArrayList<>();
    for (int index : gpaRegion) {
      Region of = regions.get(index);
      long from = Math.max(address, of.gpaBase());
      long to = Math.min(end, of.gpaBase() + ((long) of.pages() << Region.PAGE_SHIFT));
      if (from < to) {
        parts.add(new Part(index, of.pageOfGpa(from), (int) ((to - from) >>> Region.PAGE_SHIFT)));
      }
    }
    return parts;
  }

  /** {@return the region that holds a host virtual address and is known by it, or -1} */
  int knownHva(long address) {
    int at = floor(hvaBase, address);
    return at >= 0 && regions.get(hvaRegion[at]).containsHva(address) ? hvaRegion[at] : -1;
  }

  /** {@return the index of the region that holds a host virtual address, or -1} */
  int ofHva(long address) {
    if (lastHva < regions.size() && regions.get(lastHva).containsHva(address)) {
      return lastHva;
    }
    int at = floor(hvaBase, address);
    if (at < 0 || !regions.get(hvaRegion[at]).containsHva(address)) {
      return address < 0 ? -1 : learn(address, false);
    }
    lastHva = hvaRegion[at];
    return lastHva;
  }

  /** {@return the index of the region that holds a guest physical address, or -1} */
  int ofGpa(long address) {
    if (lastGpa < regions.size() && regions.get(lastGpa).containsGpa(address)) {
      return lastGpa;
    }
    int at = floor(gpaBase, address);
    if (at < 0 || !regions.get(gpaRegion[at]).containsGpa(address)) {
      return learn(address, true);
    }
    lastGpa = gpaRegion[at];
    return lastGpa;
  }

  private static int floor(long[] sorted, long value) {
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(sorted[middle], value) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }
}
