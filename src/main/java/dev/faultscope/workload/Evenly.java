package dev.faultscope.workload;

import java.util.random.RandomGenerator;

/** Pages drawn evenly, with repetition. */
final class Evenly implements Workload {
  private final int pages;
  private final RandomGenerator random;

  Evenly(int pages, RandomGenerator random) {
    this.pages = pages;
    this.random = random;
  }

  @Override
  public int next() {
    return random.nextInt(pages);
  }
}
