package dev.faultscope.workload;

import dev.faultscope.settings.Parameter;
import java.util.random.RandomGenerator;

/**
 * Every page once, in an order that looks random; then again in the same order. It needs no memory
 * however many pages there are: a small Feistel network permutes the next power of four, and what
 * falls outside is walked past.
 */
final class Permutation implements Workload {
  static final WorkloadType TYPE =
      WorkloadType.of(
          "random",
          "pages drawn evenly",
          context ->
              context.settings().isSet("once")
                  ? new Permutation(context.pages(), context.random())
                  : new Evenly(context.pages(), context.random()),
          Parameter.flag("once", true, "each page once, in random order; false: with repetition"));

  private static final int ROUNDS = 4;

  private final int pages;
  private final int halfBits;
  private final int mask;
  private final int[] keys = new int[ROUNDS];
  private int next;

  /** The page that comes next, worked out while the one before it is made use of. */
  private int ahead;

  Permutation(int pages, RandomGenerator random) {
    this.pages = pages;
    int bits = Math.max(2, 32 - Integer.numberOfLeadingZeros(pages - 1));
    halfBits = (bits + 1) / 2;
    mask = (1 << halfBits) - 1;
    for (int i = 0; i < ROUNDS; i++) {
      keys[i] = random.nextInt();
    }
    ahead = at(0);
  }

  @Override
  public int next() {
    int page = ahead;
    next = next + 1 == pages ? 0 : next + 1;
    ahead = at(next);
    return page;
  }

  /** {@return the page at a place of the order, from 0} */
  int at(int index) {
    int page = index;
    do {
      page = permuted(page);
    } while (page >= pages);
    return page;
  }

  private int permuted(int value) {
    int left = value >>> halfBits;
    int right = value & mask;
    for (int key : keys) {
      int mixed = (right + key) * 0x9e3779b1;
      mixed ^= mixed >>> 15;
      int swapped = left ^ (mixed * 0x85ebca6b >>> 13 & mask);
      left = right;
      right = swapped;
    }
    return left << halfBits | right;
  }
}
