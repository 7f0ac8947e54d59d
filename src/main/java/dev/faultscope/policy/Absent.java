package dev.faultscope.policy;

/** Plans what is not in place yet. */
final class Absent {
  /** Pages of one entry: who faults meanwhile must not wait long. */
  private static final int LONGEST = 512;

  private Absent() {}

  /** Plans each run of absent pages of a range, while the plan has room. */
  static void plan(HandledPages handled, int from, int to, Plan plan) {
    int at = handled.nextAbsent(from, to);
    while (at < to && !plan.isFull()) {
      int end = handled.nextSettled(at, to);
      plan.add(Plan.Kind.INSTALL, at, end);
      at = handled.nextAbsent(end, to);
    }
  }

  /**
   * Plans the first absent pages from one on, at most so many and all of one mapping. {@return the
   * page behind them}
   */
  static int planFirst(HandledPages handled, int from, int most, Plan plan) {
    int at = handled.nextAbsent(from, handled.pages());
    if (at >= handled.pages()) {
      return at;
    }
    int end = (int) Math.min(handled.areaEnd(at), at + (long) most);
    int run = handled.nextSettled(at, end);
    plan.add(Plan.Kind.INSTALL, at, run);
    return run;
  }

  /**
   * Plans the first pages of an order, from one of its places on, that are absent: those that
   * follow each other in one entry. {@return the place to go on from}
   */
  static int planNext(HandledPages handled, int[] order, int from, Plan.Kind kind, Plan plan) {
    int at = from;
    while (at < order.length && handled.isSettled(order[at])) {
      at++;
    }
    if (at == order.length) {
      return at;
    }
    int last = (int) Math.min(order.length, at + (long) LONGEST);
    int first = order[at];
    int end = handled.areaEnd(first);
    int page = first;
    while (at < last && order[at] == page && page < end && !handled.isSettled(page)) {
      at++;
      page++;
    }
    plan.add(kind, first, page);
    return at;
  }
}
