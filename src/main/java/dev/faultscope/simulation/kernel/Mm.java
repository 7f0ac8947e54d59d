package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;
import static dev.faultscope.model.Region.PAGE_SHIFT;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An address space: mappings, page table, and who sleeps in it. */
public final class Mm {
  /** First address that cannot be mapped (x86-64, 4-level page tables). */
  public static final long TASK_SIZE = 0x7fff_ffff_f000L;

  private static final long FIRST_ADDRESS = 0x7f00_0000_0000L;
  private static final long ALIGNMENT = 2L << 20;

  private final String name;
  private final TreeMap<Long, Vma> vmas = new TreeMap<>();
  private final SparseInts table = new SparseInts();
  private @Nullable Vma lastFound;
  private long nextAddress = FIRST_ADDRESS;
  private boolean dead;
  private int mappedPages;

  /** How many anon_vmas there were; their numbers go up, so that a merge keeps the one there is. */
  private int anonVmas;

  /** Page tables there are, by what they map; some system calls tell their absence from a hole. */
  private final SparseInts tables = new SparseInts();

  /** Every fault asleep in this address space. */
  final Waiters waiters = new Waiters();

  Mm(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  boolean isDead() {
    return dead;
  }

  void die() {
    dead = true;
  }

  int mappedPages() {
    return mappedPages;
  }

  /** {@return an address where that many bytes fit, with a gap before the next mapping} */
  long reserve(long bytes) {
    long address = nextAddress;
    nextAddress = (address + bytes + PAGE_BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return address;
  }

  /** {@return whether that many bytes fit above everything that there is} */
  boolean hasRoomFor(long bytes) {
    return bytes <= TASK_SIZE - ALIGNMENT - nextAddress;
  }

  void continueLayoutOf(Mm parent) {
    nextAddress = parent.nextAddress;
  }

  @Nullable Vma find(long address) {
    Vma vma = lastFound;
    if (vma != null && address >= vma.start && address < vma.end) {
      return vma;
    }
    var entry = vmas.floorEntry(address);
    if (entry == null || address >= entry.getValue().end) {
      return null;
    }
    lastFound = entry.getValue();
    return lastFound;
  }

  /** {@return the mappings that meet a range, by address} */
  List<Vma> in(long start, long end) {
    List<Vma> found = new ArrayList<>();
    var before = vmas.lowerEntry(start);
    if (before != null && before.getValue().end > start) {
      found.add(before.getValue());
    }
    found.addAll(vmas.subMap(start, end).values());
    return found;
  }

  List<Vma> all() {
    return new ArrayList<>(vmas.values());
  }

  void insert(Vma vma) {
    vmas.put(vma.start, vma);
    if (vma.file != null) {
      vma.file.mappings.add(vma);
    }
  }

  void remove(Vma vma) {
    forget(vma);
    freeTables(vma.start, vma.end);
  }

  private void forget(Vma vma) {
    vmas.remove(vma.start);
    if (vma.file != null) {
      vma.file.mappings.remove(vma);
    }
    lastFound = null;
  }

  /**
   * {@return the mapping of exactly the part of {@code vma} inside a range, split off where it must
   * be}
   */
  Vma isolate(Vma vma, long start, long end) {
    Vma part = vma;
    if (part.start < start) {
      part = splitAt(part, start);
    }
    if (part.end > end) {
      splitAt(part, end);
    }
    return part;
  }

  private Vma splitAt(Vma vma, long address) {
    Vma upper =
        vma.like(this, address, vma.end, vma.filePageOf(address), vma.region, vma.regionStart);
    upper.uffd = vma.uffd;
    upper.modes = vma.modes;
    upper.anonVma = vma.anonVma;
    vma.end = address;
    insert(upper);
    lastFound = null;
    return upper;
  }

  /**
   * Gives a private mapping its anon_vma: that of the mapping beside it, where the two differ in
   * their userfaultfd at most, else a new one.
   */
  void prepareAnon(Vma vma) {
    if (vma.shared || vma.anonVma != 0) {
      return;
    }
    var above = vmas.higherEntry(vma.start);
    var below = vmas.lowerEntry(vma.start);
    if (above != null && vma.sharesAnonVma(above.getValue())) {
      vma.anonVma = above.getValue().anonVma;
    } else if (below != null && below.getValue().sharesAnonVma(vma)) {
      vma.anonVma = below.getValue().anonVma;
    }
    if (vma.anonVma == 0) {
      newAnonVma(vma);
    }
  }

  void newAnonVma(Vma vma) {
    vma.anonVma = ++anonVmas;
  }

  /** Has a page table for an address from now on. */
  void tableFor(long address) {
    tables.set(address / ALIGNMENT, 1);
  }

  boolean hasTableFor(long address) {
    return tables.get(address / ALIGNMENT) != 0;
  }

  /** Gives back the page tables of a range in which no mapping is left. */
  private void freeTables(long start, long end) {
    for (long table = start / ALIGNMENT; table * ALIGNMENT < end; table++) {
      if (in(table * ALIGNMENT, (table + 1) * ALIGNMENT).isEmpty()) {
        tables.set(table, 0);
      }
    }
  }

  /** Joins what became alike in and around a range. */
  void mergeAround(long start, long end) {
    var entry = vmas.lowerEntry(start);
    Vma vma = entry == null ? null : entry.getValue();
    if (vma == null) {
      var first = vmas.ceilingEntry(start);
      vma = first == null ? null : first.getValue();
    }
    while (vma != null && vma.start <= end) {
      var following = vmas.higherEntry(vma.start);
      if (following == null) {
        return;
      }
      Vma after = following.getValue();
      if (vma.joins(after)) {
        forget(after);
        vma.end = after.end;
        vma.anonVma = Math.max(vma.anonVma, after.anonVma);
      } else {
        vma = after;
      }
    }
  }

  int pte(long address) {
    return table.get(address >>> PAGE_SHIFT);
  }

  void pte(long address, int value) {
    int old = table.get(address >>> PAGE_SHIFT);
    mappedPages += (value & Pte.PRESENT) - (old & Pte.PRESENT);
    table.set(address >>> PAGE_SHIFT, value);
  }

  void forEachPte(SparseInts.Visitor visitor) {
    table.forEach((page, pte) -> visitor.visit(page << PAGE_SHIFT, pte));
  }
}
