package dev.faultscope.workload;

/** One page after the other, from the start again after the last. */
final class Sequential implements Workload {
  static final WorkloadType TYPE =
      WorkloadType.of(
          "sequential", "one page after the other", context -> new Sequential(context.pages()));

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
