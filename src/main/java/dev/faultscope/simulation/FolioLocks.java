package dev.faultscope.simulation;

import java.util.Arrays;

/**
 * When the locks of folios are free again. Only those held lately matter, so a table of fixed size
 * is enough: a folio that takes the place of another is as good as free.
 */
final class FolioLocks {
  private static final int SIZE = 1 << 12;

  private final long[] folios = new long[SIZE];
  private final long[] freeNs = new long[SIZE];
  private final long holdNs;

  /**
   * @param holdNs how long mapping a page holds its folio's lock; 0 turns the locks off
   */
  FolioLocks(long holdNs) {
    this.holdNs = holdNs;
    Arrays.fill(folios, -1);
  }

  /**
   * Takes the lock of a folio.
   *
   * @param folio anything that tells it from others, such as the address of its mapping
   * @return when it is let go again
   */
  long hold(long folio, long nowNs) {
    if (holdNs == 0) {
      return nowNs;
    }
    int at = (int) (folio * 0x9e3779b97f4a7c15L >>> 52);
    long free = folios[at] == folio ? Math.max(nowNs, freeNs[at]) : nowNs;
    folios[at] = folio;
    freeNs[at] = free + holdNs;
    return freeNs[at];
  }
}
