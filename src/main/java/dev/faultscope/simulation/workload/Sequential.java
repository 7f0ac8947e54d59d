package dev.faultscope.simulation.workload;

/** One page after the other, from the start again after the last. */
final class Sequential implements Workload {
  private final int pages;
  private int next;

  Sequential(int pages) {
    this.pages = pages;
  }

  @Override
  public int next() {
    int page = next;
    next = page + 1 == pages ? 0 : page + 1;
    return page;
  }
}
