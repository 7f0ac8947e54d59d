package dev.faultscope.model;

/**
 * A stretch of guest memory: one block of the grid.
 *
 * @param index its number in the timeline, from 0, at most {@value #MAX_REGIONS} regions
 * @param name what people call it, e.g. {@code guest-ram}
 * @param base host virtual address of its first byte, a multiple of 4096
 * @param gpaBase guest physical address of its first byte, or {@link #NO_GPA}
 * @param pages its size in 4-KiB pages, at least 1
 * @param backing what backs it
 * @param modes {@link #MISSING}, {@link #WP}, {@link #MINOR} as registered with a userfaultfd; 0
 *     where none or unknown
 * @param inferred whether its bounds were concluded from the faults, not told
 * @param initial {@link PageState} of all its pages at the recording's start: {@link
 *     PageState#ABSENT}, or {@link PageState#UNKNOWN} where the source does not tell
 */
public record Region(
    int index,
    String name,
    long base,
    long gpaBase,
    int pages,
    Backing backing,
    int modes,
    boolean inferred,
    int initial) {
  /** Bytes of a page; also the granule of every page number, hugetlb included. */
  public static final long PAGE_BYTES = 4096;

  /** The same as a shift, for addresses, which have no sign. */
  public static final int PAGE_SHIFT = 12;

  /** Bytes that one entry of a page table's second level maps. */
  public static final long HUGE_PAGE_BYTES = 2 << 20;

  /** Most regions of one timeline. */
  public static final int MAX_REGIONS = 4096;

  /** Stands for an unknown guest physical address. */
  public static final long NO_GPA = -1;

  /** UFFDIO_REGISTER_MODE_MISSING. */
  public static final int MISSING = 1;

  /** UFFDIO_REGISTER_MODE_WP. */
  public static final int WP = 2;

  /** UFFDIO_REGISTER_MODE_MINOR. */
  public static final int MINOR = 4;

  /** UFFDIO_REGISTER_MODE_RWP. */
  public static final int RWP = 8;

  /** A region whose pages are absent at the start. */
  public Region(
      int index,
      String name,
      long base,
      long gpaBase,
      int pages,
      Backing backing,
      int modes,
      boolean inferred) {
    this(index, name, base, gpaBase, pages, backing, modes, inferred, PageState.ABSENT);
  }

  public Region {
    if (initial < 0) {
      throw new IllegalArgumentException("region " + name + " starts in no state of a page");
    }
    if (index < 0 || index >= MAX_REGIONS) {
      throw new IllegalArgumentException(
          "region index " + index + " is not in 0.." + (MAX_REGIONS - 1));
    }
    if (pages < 1) {
      throw new IllegalArgumentException(
          "region " + name + " has " + pages + " pages, needs at least 1");
    }
    if (base % PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "region "
              + name
              + " starts at 0x"
              + Long.toHexString(base)
              + ", which is not a multiple of 4096");
    }
  }

  /** {@return the same region with another index} */
  public Region withIndex(int other) {
    return new Region(other, name, base, gpaBase, pages, backing, modes, inferred, initial);
  }

  /** {@return whether a host virtual address lies inside} */
  public boolean containsHva(long address) {
    return Long.compareUnsigned(address - base, (long) pages * PAGE_BYTES) < 0;
  }

  /** {@return whether a guest physical address lies inside} */
  public boolean containsGpa(long address) {
    return gpaBase != NO_GPA
        && Long.compareUnsigned(address - gpaBase, (long) pages * PAGE_BYTES) < 0;
  }

  /** {@return the page of a host virtual address that lies inside} */
  public int pageOfHva(long address) {
    return (int) ((address - base) / PAGE_BYTES);
  }

  /** {@return the page of a guest physical address that lies inside} */
  public int pageOfGpa(long address) {
    return (int) ((address - gpaBase) / PAGE_BYTES);
  }
}
