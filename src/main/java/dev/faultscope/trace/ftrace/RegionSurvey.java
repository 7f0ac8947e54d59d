package dev.faultscope.trace.ftrace;

import static dev.faultscope.model.Region.PAGE_SHIFT;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.trace.input.RegionSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A first pass that concludes where the regions are, when nobody told.
 *
 * <p>Faults are gathered in bins of 2 MiB. A bin belongs to a region when, for most of its faults,
 * some userfaultfd ioctl ran between the fault and its thread's next sign of life; faults on
 * libraries and stacks go on without one. Neighbouring bins become one region.
 */
final class RegionSurvey {
  private static final int BIN_SHIFT = 21;
  private static final int BIN_PAGES_SHIFT = BIN_SHIFT - PAGE_SHIFT;

  /** Unanswered memory further apart than so many bins is not of one region. */
  private static final long LEAST_GAP_BINS = 4;

  private static final int MAX_SPREAD = 64;
  private static final int MAX_BINS = 1 << 16;
  private static final int MAX_OFFSETS = 1024;

  /** Bins of 2 MiB without any fault that a region may have inside. */
  private static final long MAX_GAP_BINS = 32;

  /** One in so many answered faults is the least a region needs. */
  private static final int LEAST_SHARE = 200;

  private final TreeMap<Long, Bin> host = new TreeMap<>(Long::compareUnsigned);
  private final TreeMap<Long, Bin> guest = new TreeMap<>(Long::compareUnsigned);
  private final Map<Integer, Open> open = new HashMap<>();
  private final Map<Long, long[]> offsets = new HashMap<>();
  private long answers;
  private long exactAnswers;

  /** Takes in a line. */
  void add(LineEvent event) {
    switch (event.kind) {
      case FAULT, GUEST_FAULT -> fault(event);
      case TABLE_WALK -> {
        Open track = track(event.tid);
        if (track.bin == null) {
          track.walkAnswers = answers;
        }
      }
      case FRAME_MAPPED -> frameMapped(event);
      case IOCTL_ENTER -> {
        ends(track(event.tid));
        if (UffdIoctl.ofCommand(event.value).fills()) {
          answers++;
          if (event.argumentsKnown) {
            exact(event);
          }
        }
      }
      case SPTE_SET, SPTE_CHANGED -> {
        int level = Spte.level(event.detail);
        Spte.Kind now = Spte.after(event.detail);
        if (now.isLeaf() || Spte.before(event.detail).isLeaf() || now == Spte.Kind.MMIO) {
          seen(guest, event.address >>> PAGE_SHIFT, Spte.pages(level));
        }
        if (event.kind == LineKind.SPTE_SET) {
          goesOn(event);
        }
      }
      case MMIO, EMULATED -> {
        if (event.address != 0) {
          seen(guest, event.address >>> PAGE_SHIFT, 1);
        }
        goesOn(event);
      }
      case VM_EXIT, VM_ENTRY, USERSPACE_EXIT, IOCTL_EXIT, HOLE_ENTER, HOLE_EXIT -> goesOn(event);
      case FAST_FAULT, LEAF_SPLIT, ASYNC_FAULT, UNMAPPED, AGED, ZAP_ALL, SWITCH, OTHER -> {}
    }
  }

  /** {@return the regions the faults suggest, lowest first; empty where no ioctl answered any} */
  List<RegionSpec> regions() {
    List<RegionSpec> found = new ArrayList<>();
    Long offset = offset();
    List<Bin> guests = clusters(guest);
    for (Bin cluster : guests) {
      long gpa = cluster.lowest << PAGE_SHIFT;
      long base = offset == null ? gpa : gpa + offset;
      found.add(spec("guest-" + found.size(), base, cluster, gpa));
    }
    for (Bin cluster : clusters(host)) {
      boolean known = false;
      for (RegionSpec spec : found) {
        long start = cluster.lowest << PAGE_SHIFT;
        known |= offset != null && Long.compareUnsigned(start - spec.base(), spec.size()) < 0;
      }
      if (!known) {
        found.add(
            spec("region-" + found.size(), cluster.lowest << PAGE_SHIFT, cluster, Region.NO_GPA));
      }
    }
    return found.size() > Region.MAX_REGIONS ? found.subList(0, Region.MAX_REGIONS) : found;
  }

  /** {@return whether regions of guest memory were found whose host address the trace lacks} */
  boolean lacksHostAddress() {
    return offset() == null && !clusters(guest).isEmpty();
  }

  private void goesOn(LineEvent event) {
    Open track = open.get(event.tid);
    if (track != null) {
      ends(track);
    }
  }

  private static void seen(TreeMap<Long, Bin> bins, long page, int pages) {
    long end = page + pages;
    for (long from = page; from < end; ) {
      long next = Math.min(end, (from >>> BIN_PAGES_SHIFT) + 1 << BIN_PAGES_SHIFT);
      Bin bin = bin(bins, from);
      if (bin != null) {
        bin.seen(from);
        bin.seen(next - 1);
      }
      from = next;
    }
  }

  /**
   * {@return what the faults suggest where no userfaultfd answered any: the guest's memory by its
   * guest physical addresses where KVM told of it, else the host addresses; lowest first}
   *
   * @param withHost whether the host's are wanted beside the guest's
   */
  List<RegionSpec> unanswered(boolean withHost) {
    List<RegionSpec> found = new ArrayList<>();
    addAll(found, guest, true);
    if (withHost || guest.isEmpty()) {
      addAll(found, host, false);
    }
    return found;
  }

  private static void addAll(List<RegionSpec> found, TreeMap<Long, Bin> bins, boolean guests) {
    for (Bin cluster : spread(bins)) {
      long base = cluster.lowestSeen << PAGE_SHIFT;
      long size = (cluster.highestSeen - cluster.lowestSeen + 1) << PAGE_SHIFT;
      // A stretch of guest addresses may look like one of host addresses: the guest's is there.
      boolean free =
          found.stream()
              .noneMatch(
                  spec ->
                      Long.compareUnsigned(base - spec.base(), spec.size()) < 0
                          || Long.compareUnsigned(spec.base() - base, size) < 0);
      if (free && size > 0) {
        found.add(
            new RegionSpec(
                (guests ? "guest-" : "host-") + found.size(),
                base,
                size,
                guests ? base : Region.NO_GPA,
                Backing.UNKNOWN,
                0,
                false));
      }
    }
  }

  /** Puts bins together that lie near each other: as near as leaves {@value #MAX_SPREAD} groups. */
  private static List<Bin> spread(TreeMap<Long, Bin> bins) {
    for (long gap = LEAST_GAP_BINS; ; gap *= 2) {
      List<Bin> found = new ArrayList<>();
      long last = 0;
      for (Map.Entry<Long, Bin> entry : bins.entrySet()) {
        if (found.isEmpty() || entry.getKey() - last > gap) {
          found.add(new Bin());
        }
        found.getLast().merge(entry.getValue());
        last = entry.getKey();
      }
      if (found.size() <= MAX_SPREAD) {
        return found;
      }
    }
  }

  private static RegionSpec spec(String name, long base, Bin cluster, long gpa) {
    long size = (cluster.highest - cluster.lowest + 1) << PAGE_SHIFT;
    return new RegionSpec(name, base, size, gpa, Backing.UNKNOWN, 0, true);
  }

  private void fault(LineEvent event) {
    Open track = track(event.tid);
    boolean isGuest = event.kind == LineKind.GUEST_FAULT;
    long page = event.address >>> PAGE_SHIFT;
    if (event.address != -1) {
      seen(isGuest ? guest : host, page, 1);
    }
    if (track.bin != null && track.page == page && track.guest == isGuest) {
      return;
    }
    ends(track);
    if (event.present || event.mayNotSleep || event.address == -1) {
      return;
    }
    start(track, isGuest, page, answers);
  }

  private void frameMapped(LineEvent event) {
    Open track = track(event.tid);
    if (track.bin == null && track.walkAnswers >= 0) {
      start(track, true, event.address >>> PAGE_SHIFT, track.walkAnswers);
    }
    ends(track);
  }

  private void start(Open track, boolean isGuest, long page, long since) {
    track.bin = bin(isGuest ? guest : host, page);
    track.page = page;
    track.guest = isGuest;
    track.since = since;
    track.walkAnswers = -1;
  }

  private void ends(Open track) {
    Bin bin = track.bin;
    if (bin != null) {
      bin.count(track.page, answers > track.since);
      track.bin = null;
    }
    track.walkAnswers = -1;
  }

  /** The trace names the page: no guess needed, and guest faults show where the guest lies. */
  private void exact(LineEvent event) {
    exactAnswers++;
    long page = event.address >>> PAGE_SHIFT;
    Bin bin = bin(host, page);
    if (bin != null) {
      bin.count(page, true);
      bin.count(page, true);
      bin.count(page + Math.max(1, event.length >>> PAGE_SHIFT) - 1, true);
    }
    for (Open track : open.values()) {
      if (track.bin != null && track.guest) {
        long offset = (page - track.page) << PAGE_SHIFT;
        if (offsets.size() < MAX_OFFSETS || offsets.containsKey(offset)) {
          offsets.computeIfAbsent(offset, key -> new long[1])[0]++;
        }
      }
    }
  }

  private @org.jspecify.annotations.Nullable Long offset() {
    for (Map.Entry<Long, long[]> entry : offsets.entrySet()) {
      if (entry.getValue()[0] * 2 > exactAnswers) {
        return entry.getKey();
      }
    }
    return null;
  }

  private Open track(int tid) {
    return open.computeIfAbsent(
        open.size() < TraceThreads.MAX ? tid : Integer.MIN_VALUE, key -> new Open());
  }

  private static @org.jspecify.annotations.Nullable Bin bin(TreeMap<Long, Bin> bins, long page) {
    long key = page >>> BIN_PAGES_SHIFT;
    Bin bin = bins.get(key);
    if (bin == null && bins.size() < MAX_BINS) {
      bin = new Bin();
      bins.put(key, bin);
    }
    return bin;
  }

  private List<Bin> clusters(TreeMap<Long, Bin> bins) {
    List<Bin> found = new ArrayList<>();
    Bin current = null;
    long last = 0;
    for (Map.Entry<Long, Bin> entry : bins.entrySet()) {
      Bin bin = entry.getValue();
      if (!bin.isAnswered()) {
        if (bin.total > 0) {
          current = null;
        }
        continue;
      }
      if (current == null || entry.getKey() - last > MAX_GAP_BINS) {
        current = new Bin();
        found.add(current);
      }
      current.merge(bin);
      last = entry.getKey();
    }
    long total = found.stream().mapToLong(bin -> bin.answered).sum();
    found.removeIf(bin -> bin.answered * LEAST_SHARE < total);
    return found;
  }

  /** What a thread is in the middle of. */
  private static final class Open {
    @org.jspecify.annotations.Nullable Bin bin;
    long page;
    boolean guest;
    long since;
    long walkAnswers = -1;
  }

  /** Faults of 2 MiB of addresses. */
  private static final class Bin {
    long total;
    long answered;
    long lowest = Long.MAX_VALUE;
    long highest = Long.MIN_VALUE;

    // Whether answered or not.
    long lowestSeen = Long.MAX_VALUE;
    long highestSeen = Long.MIN_VALUE;

    void seen(long page) {
      lowestSeen = Math.min(lowestSeen, page);
      highestSeen = Math.max(highestSeen, page);
    }

    void count(long page, boolean isAnswered) {
      total++;
      if (isAnswered) {
        answered++;
        lowest = Math.min(lowest, page);
        highest = Math.max(highest, page);
      }
    }

    boolean isAnswered() {
      return answered * 2 > total;
    }

    void merge(Bin other) {
      total += other.total;
      answered += other.answered;
      lowest = Math.min(lowest, other.lowest);
      highest = Math.max(highest, other.highest);
      lowestSeen = Math.min(lowestSeen, other.lowestSeen);
      highestSeen = Math.max(highestSeen, other.highestSeen);
    }
  }
}
