package dev.faultscope.simulation.workload;

import java.util.random.RandomGenerator;

/**
 * A boot: first long sequential runs, as when a kernel and its files are read, over part of the
 * memory; then a hot set with Zipf popularity, as when services answer.
 */
final class TwoPhaseBoot implements Workload {
  /** Pages of one run of the first phase: 256 KiB. */
  private static final int RUN = 64;

  private final Permutation runs;
  private final Zipf hot;
  private final int bootPages;
  private int done;
  private int run;

  TwoPhaseBoot(int pages, int bootPercent, double exponent, RandomGenerator random) {
    bootPages = (int) Math.max(1, (long) pages * bootPercent / 100);
    runs = new Permutation((bootPages + RUN - 1) / RUN, random);
    hot = new Zipf(pages, exponent, random);
    run = runs.next();
  }

  @Override
  public int next() {
    while (done < ((bootPages + RUN - 1) / RUN) * RUN) {
      int page = run * RUN + done % RUN;
      done++;
      if (done % RUN == 0) {
        run = runs.next();
      }
      if (page < bootPages) {
        return page;
      }
    }
    return hot.next();
  }
}
