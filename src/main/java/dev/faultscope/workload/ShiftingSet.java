package dev.faultscope.workload;

import dev.faultscope.settings.Parameter;
import java.util.random.RandomGenerator;

/** A window of pages accessed evenly for a while, then the window moves on. */
final class ShiftingSet implements Workload {
  static final WorkloadType TYPE =
      WorkloadType.of(
          "working-set-shift",
          "a window of pages evenly for a while, then the next window",
          context ->
              new ShiftingSet(
                  context.pages(),
                  context.settings().whole("set"),
                  context.settings().whole("step"),
                  context.settings().number("stay"),
                  context.random()),
          Parameter.number("set", 512, 1, 1 << 22, "pages of the window"),
          Parameter.number("step", 256, 1, 1 << 22, "pages that it moves by"),
          Parameter.number("stay", 2048, 1, 1L << 31, "accesses before it moves"));

  private final int pages;
  private final int size;
  private final int step;
  private final long stay;
  private final RandomGenerator random;
  private int start;
  private long left;

  /**
   * @param size pages of the window
   * @param step pages that it moves by
   * @param stay accesses before it moves
   */
  ShiftingSet(int pages, int size, int step, long stay, RandomGenerator random) {
    this.pages = pages;
    this.size = Math.min(size, pages);
    this.step = step;
    this.stay = stay;
    this.random = random;
    left = stay;
  }

  @Override
  public int next() {
    if (left == 0) {
      start = (int) (((long) start + step) % pages);
      left = stay;
    }
    left--;
    return (int) (((long) start + random.nextInt(size)) % pages);
  }
}
