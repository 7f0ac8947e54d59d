package dev.faultscope.workload;

import dev.faultscope.settings.Parameter;

/** Every so-manieth page, then again from one page further, until all were accessed. */
final class Strided implements Workload {
  static final WorkloadType TYPE =
      WorkloadType.of(
          "strided",
          "every so-manieth page, then the ones between",
          context -> new Strided(context.pages(), context.settings().whole("stride")),
          Parameter.number("stride", 16, 1, 1 << 22, "pages from one access to the next"));

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
