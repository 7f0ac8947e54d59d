package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.MINOR;
import static dev.faultscope.model.Region.MISSING;
import static dev.faultscope.model.Region.PAGE_BYTES;
import static dev.faultscope.model.Region.WP;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One mapping of an address space: a range, what backs it, and at most one userfaultfd. */
final class Vma {
  final Mm mm;
  long start;
  long end;
  final @Nullable MemoryFile file;

  /** The file page at {@link #start}. */
  long filePage;

  final boolean shared;
  boolean writable;
  final boolean mayWrite;

  /** Whether it asked for transparent huge pages. */
  boolean huge;

  /** The recorded region and the address of that region's first page. */
  final int region;

  final long regionStart;

  @Nullable Userfaultfd uffd;
  int modes;

  /**
   * The anon_vma, which comes with the first page of its own or the first ioctl on it; 0 for none.
   * Two mappings that got different ones never join.
   */
  int anonVma;

  Vma(
      Mm mm,
      long start,
      long end,
      @Nullable MemoryFile file,
      long filePage,
      boolean shared,
      boolean writable,
      boolean mayWrite,
      int region,
      long regionStart) {
    this.mm = mm;
    this.start = start;
    this.end = end;
    this.file = file;
    this.filePage = filePage;
    this.shared = shared;
    this.writable = writable;
    this.mayWrite = mayWrite;
    this.region = region;
    this.regionStart = regionStart;
  }

  /** {@return a mapping of part of the same, or elsewhere, without a userfaultfd} */
  Vma like(Mm owner, long from, long to, long page, int inRegion, long regionFrom) {
    Vma other =
        new Vma(owner, from, to, file, page, shared, writable, mayWrite, inRegion, regionFrom);
    other.huge = huge;
    return other;
  }

  /** {@return the file of a mapping that is not anonymous} */
  MemoryFile backingFile() {
    return Objects.requireNonNull(file, "anonymous memory has no file");
  }

  boolean isAnonymous() {
    return file == null;
  }

  boolean isShmem() {
    return file != null && file.kind() == MemoryFile.Kind.MEMFD;
  }

  boolean isHugetlb() {
    return file != null && file.kind() == MemoryFile.Kind.HUGETLB;
  }

  boolean isGmem() {
    return file != null && file.kind() == MemoryFile.Kind.GUEST_MEMFD;
  }

  /** {@return bytes that are mapped together} */
  long unitBytes() {
    return isHugetlb() ? (long) MemoryFile.HUGE_PAGES * PAGE_BYTES : PAGE_BYTES;
  }

  boolean hasMissing() {
    return (modes & MISSING) != 0;
  }

  boolean hasMinor() {
    return (modes & MINOR) != 0;
  }

  boolean hasWp() {
    return (modes & WP) != 0;
  }

  /** {@return whether write protection of absent pages is remembered in markers} */
  boolean usesWpMarkers() {
    return hasWp() && (!isAnonymous() || (uffd != null && uffd.has(UffdFeature.WP_UNPOPULATED)));
  }

  long filePageOf(long address) {
    return filePage + (address - start) / PAGE_BYTES;
  }

  /** {@return where a page of the file is seen; the start or end where that lies outside} */
  long addressOf(long page) {
    return start + Math.clamp(page - filePage, 0, (end - start) / PAGE_BYTES) * PAGE_BYTES;
  }

  int regionPageOf(long address) {
    return (int) ((address - regionStart) / PAGE_BYTES);
  }

  /** {@return whether the kernel would make one mapping of this and the one that follows} */
  boolean joins(Vma after) {
    return end == after.start
        && file == after.file
        && uffd == after.uffd
        && modes == after.modes
        && shared == after.shared
        && writable == after.writable
        && mayWrite == after.mayWrite
        && huge == after.huge
        && region == after.region
        && regionStart == after.regionStart
        && (anonVma == 0 || after.anonVma == 0 || anonVma == after.anonVma)
        && (file == null || filePageOf(end) == after.filePage);
  }

  /** {@return whether this and the mapping behind it may have one anon_vma} */
  boolean sharesAnonVma(Vma after) {
    return end == after.start
        && file == after.file
        && modes == after.modes
        && shared == after.shared
        && regionStart == after.regionStart
        && (file == null || filePageOf(end) == after.filePage);
  }
}
