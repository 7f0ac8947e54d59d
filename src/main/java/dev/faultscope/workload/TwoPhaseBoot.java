package dev.faultscope.workload;

import dev.faultscope.settings.Parameter;
import java.util.random.RandomGenerator;

/**
 * A boot: first long sequential runs, as when a kernel and its files are read, over part of the
 * memory; then a hot set with Zipf popularity, as when services answer.
 */
final class TwoPhaseBoot implements Workload {
  static final WorkloadType TYPE =
      WorkloadType.of(
          "two-phase-boot",
          "sequential runs as of a booting kernel, then a hot set as of a service",
          context ->
              new TwoPhaseBoot(
                  context.pages(),
                  context.settings().whole("boot"),
                  context.settings().number("exponent") / 100.0,
                  context.random()),
          Parameter.number("boot", 25, 1, 100, "percentage of the pages that the boot reads"),
          Parameter.number(
              "exponent", 99, 1, 400, "exponent of the hot set's Zipf law, in percent"));

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
