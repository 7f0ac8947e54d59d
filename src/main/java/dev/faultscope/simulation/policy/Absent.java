package dev.faultscope.simulation.policy;

/** Plans what is not in place yet. */
final class Absent {
  /** Pages of one entry: who faults meanwhile must not wait long. */
  private static final int LONGEST = 512;

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

  /**
   * Plans the first absent pages from one on, at most so many and all of one mapping. {@return the
   * page behind them}
   */
  static int planFirst(Territory territory, int from, int most, Plan plan) {
    int at = territory.nextAbsent(from, territory.pages());
    if (at >= territory.pages()) {
      return at;
    }
    int end = (int) Math.min(territory.areaEnd(at), at + (long) most);
    int run = territory.nextInstalled(at, end);
    plan.add(Plan.Kind.INSTALL, at, run);
    return run;
  }

  /**
   * Plans the first pages of an order, from one of its places on, that are absent: those that
   * follow each other in one entry. {@return the place to go on from}
   */
  static int planNext(Territory territory, int[] order, int from, Plan.Kind kind, Plan plan) {
    int at = from;
    while (at < order.length && territory.isInstalled(order[at])) {
      at++;
    }
    if (at == order.length) {
      return at;
    }
    int last = (int) Math.min(order.length, at + (long) LONGEST);
    int first = order[at];
    int end = territory.areaEnd(first);
    int page = first;
    while (at < last && order[at] == page && page < end && !territory.isInstalled(page)) {
      at++;
      page++;
    }
    plan.add(kind, first, page);
    return at;
  }
}
