package dev.faultscope.workload;

import dev.faultscope.settings.Parameter;
import java.util.random.RandomGenerator;

/**
 * A linked list through the pages: each access finds the address of the next. The list is one cycle
 * through all its nodes (a full-period congruential step), several of them on each page.
 */
final class PointerChase implements Workload {
  static final WorkloadType TYPE =
      WorkloadType.of(
          "pointer-chase",
          "a linked list through all pages: each access finds the next",
          context ->
              new PointerChase(
                  context.pages(), context.settings().whole("nodes"), context.random()),
          Parameter.number("nodes", 4, 1, 512, "nodes of the list on each page"));

  private static final long MULTIPLIER = 6364136223846793005L;

  private final int pages;
  private final long mask;
  private final long increment;
  private final int shift;
  private long node;

  PointerChase(int pages, int nodesPerPage, RandomGenerator random) {
    this.pages = pages;
    long nodes = Long.highestOneBit(Math.max(1, (long) pages * nodesPerPage - 1)) << 1;
    mask = nodes - 1;
    shift = Long.numberOfTrailingZeros(nodes);
    // Odd increment, multiplier of the form 4k+1: the period is the whole power of two.
    increment = random.nextLong() | 1;
    node = random.nextLong() & mask;
  }

  @Override
  public int next() {
    long reversed = Long.reverse(node) >>> (64 - shift);
    node = (node * MULTIPLIER + increment) & mask;
    // Low bits of a congruential sequence alternate: the reversed node spreads them.
    return (int) ((reversed * pages) >>> shift);
  }
}
