package dev.faultscope.policy;

import java.util.Arrays;
import java.util.BitSet;

/** Pages in the order in which they were first added, each once. */
public final class PageOrder {
  private final BitSet seen = new BitSet();
  private final int pages;
  private int[] order = new int[1024];
  private int size;

  /**
   * Begins one.
   *
   * @param pages how many there are; others are left out
   */
  public PageOrder(int pages) {
    this.pages = pages;
  }

  /** Adds a page; one that was added before stays where it is. */
  public void add(int page) {
    if (page < 0 || page >= pages || seen.get(page)) {
      return;
    }
    seen.set(page);
    if (size == order.length) {
      order = Arrays.copyOf(order, size * 2);
    }
    order[size++] = page;
  }

  /** {@return all of them} */
  public int[] toArray() {
    return Arrays.copyOf(order, size);
  }
}
