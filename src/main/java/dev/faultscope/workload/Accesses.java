package dev.faultscope.workload;

import java.util.random.RandomGenerator;

/** What one thread accesses: pages of one memory in a workload's order, a number of times. */
public final class Accesses {
  private final Workload workload;
  private final RandomGenerator random;
  private final int firstPage;
  private final int writePercent;
  private long left;
  private int page;
  private boolean write;

  /**
   * Prepares them.
   *
   * @param firstPage page of the memory that the order's page 0 is
   * @param writePercent how many of 100 accesses write, where the order does not say
   * @param count how many there are
   */
  public Accesses(
      Workload workload, RandomGenerator random, int firstPage, int writePercent, long count) {
    this.workload = workload;
    this.random = random;
    this.firstPage = firstPage;
    this.writePercent = writePercent;
    left = count;
  }

  /** Goes on to the next access. {@return whether there is one} */
  public boolean advance() {
    if (left == 0) {
      return false;
    }
    left--;
    page = firstPage + workload.next();
    int told = workload.writes();
    write =
        told == Workload.BY_PERCENTAGE
            ? writePercent > 0 && random.nextInt(100) < writePercent
            : told == 1;
    return true;
  }

  /** {@return the page of its memory, once advanced} */
  public int page() {
    return page;
  }

  public boolean isWrite() {
    return write;
  }
}
