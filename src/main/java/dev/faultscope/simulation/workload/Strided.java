package dev.faultscope.simulation.workload;

/** Every so-manieth page, then again from one page further, until all were accessed. */
final class Strided implements Workload {
  private final int pages;
  private final int stride;
  private int first;
  private int next;

  Strided(int pages, int stride) {
    this.pages = pages;
    this.stride = Math.min(stride, pages);
  }

  @Override
  public int next() {
    int page = next;
    next += stride;
    if (next >= pages) {
      first = first + 1 == stride ? 0 : first + 1;
      next = first;
    }
    return page;
  }
}
