package dev.faultscope.workload;

import dev.faultscope.settings.Parameter;

/**
 * A workload as CONTRIBUTING.md tells to add one: this file, and a line in {@link Workloads}, which
 * here the test says.
 */
public final class ExampleWorkload implements Workload {
  public static final WorkloadType TYPE =
      WorkloadType.of(
          "backwards",
          "from the last page down, so many at a time",
          context -> new ExampleWorkload(context.pages(), context.settings().whole("step")),
          Parameter.number("step", 1, 1, 64, "pages from one access to the next"));

  private final int pages;
  private final int step;
  private int next;

  private ExampleWorkload(int pages, int step) {
    this.pages = pages;
    this.step = step;
    next = pages - 1;
  }

  @Override
  public int next() {
    int page = next;
    next = Math.floorMod(next - step, pages);
    return page;
  }
}
