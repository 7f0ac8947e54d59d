package dev.faultscope.simulation.policy;

/** Plans what is not in place yet. */
final class Absent {
  private Absent() {}

  /** Plans each run of absent pages of a range, while the plan has room. */
  static void plan(Territory territory, int from, int to, Plan plan) {
    int at = territory.nextAbsent(from, to);
    while (at < to && !plan.isFull()) {
      int end = territory.nextInstalled(at, to);
      plan.add(Plan.Kind.INSTALL, at, end);
      at = territory.nextAbsent(end, to);
    }
  }
}
