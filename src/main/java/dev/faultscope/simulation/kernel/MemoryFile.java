package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import java.util.ArrayList;
import java.util.List;

/** A file that can be mapped: its size, its page cache, and where it is mapped. */
public final class MemoryFile {
  /** What kind of file it is. */
  public enum Kind {
    MEMFD,
    HUGETLB,
    GUEST_MEMFD,
    /** An ordinary file on a disk. */
    REGULAR
  }

  /** 4-KiB pages of a 2-MiB page. */
  public static final int HUGE_PAGES = 512;

  private final Kind kind;
  private final String name;
  private long sizeBytes;
  private final boolean mappable;
  private final boolean initShared;
  private final SparseInts cache = new SparseInts();
  private int cachedPages;

  /** Cached pages that fallocate(2) made and nobody used yet: fault-around leaves them out. */
  private final SparseInts allocatedOnly = new SparseInts();

  /** Every mapping of this file, in every process. */
  final List<Vma> mappings = new ArrayList<>();

  /** Pages a guest_memfd holds as private, whatever INIT_SHARED said: 1 private, 2 shared. */
  final SparseInts visibility = new SparseInts();

  MemoryFile(Kind kind, String name, long sizeBytes, boolean mappable, boolean initShared) {
    this.kind = kind;
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.mappable = mappable;
    this.initShared = initShared;
  }

  public Kind kind() {
    return kind;
  }

  public String name() {
    return name;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  void sizeBytes(long bytes) {
    sizeBytes = bytes;
  }

  boolean isMappable() {
    return mappable;
  }

  boolean isInitShared() {
    return initShared;
  }

  /** {@return whether user space may map a page of it} */
  boolean isShared(long page) {
    int own = visibility.get(page);
    return own == 0 ? initShared : own == 2;
  }

  /** {@return pages that come and go together: 512 for hugetlb} */
  int unitPages() {
    return kind == Kind.HUGETLB ? HUGE_PAGES : 1;
  }

  boolean isBeyondEnd(long page) {
    return page >= Math.ceilDiv(sizeBytes, PAGE_BYTES);
  }

  /** {@return whether a page is in the page cache} */
  public boolean isCached(long page) {
    return cache.get(page) != 0;
  }

  /** {@return the folio of a cached page, 0 where the page is absent} */
  int folio(long page) {
    return cache.get(page);
  }

  /** A cached page is one that fallocate(2) made. */
  void allocateOnly(long page) {
    allocatedOnly.set(page, 1);
  }

  /** A cached page is used: from now on it is up to date. */
  void use(long page) {
    allocatedOnly.set(page, 0);
  }

  boolean isUpToDate(long page) {
    return cache.get(page) != 0 && allocatedOnly.get(page) == 0;
  }

  int cachedPages() {
    return cachedPages;
  }

  void insert(long page, int folio, Folios folios) {
    if (cache.get(page) != 0) {
      throw new IllegalStateException(name + ": page " + page + " is cached already");
    }
    folios.reference(folio);
    cache.set(page, folio);
    cachedPages++;
  }

  void remove(long page, Folios folios) {
    int folio = cache.get(page);
    if (folio != 0) {
      cache.set(page, 0);
      allocatedOnly.set(page, 0);
      cachedPages--;
      folios.release(folio);
    }
  }

  /** Takes the cached pages of a range out of the cache, however long the range is. */
  void removeIn(long page, long endPage, Folios folios) {
    cache.forEachIn(page, endPage, (at, folio) -> remove(at, folios));
  }

  void forEachCached(SparseInts.Visitor visitor) {
    cache.forEach(visitor);
  }
}
