package dev.faultscope.policy;

import dev.faultscope.settings.Parameter;

/**
 * Answers a fault with the pages around it, as fault-around does: first the one that faulted, with
 * what follows it, then those before; or in one call with what lacks around it of the aligned group
 * that it is in, so that one call serves whoever faults in the group. Pages in place are left out.
 */
final class Batch implements Policy {
  private static final int MOST = 65_536;

  static final PolicyType TYPE =
      PolicyType.of(
              "batch",
              "answers a fault with pages around it as well",
              Batch::new,
              Parameter.number("before", 0, 0, MOST, "pages before the faulting one"),
              Parameter.number("after", 15, 0, MOST, "pages after the faulting one"),
              Parameter.number(
                  "group", 0, 0, 1 << 20, "pages of the aligned group to fill instead, 0 for none"))
          .shortFor("group");

  private final HandledPages handled;
  private final int before;
  private final int after;
  private final int group;

  private Batch(PolicyContext context) {
    handled = context.handled();
    before = context.settings().whole("before");
    after = context.settings().whole("after");
    group = context.settings().whole("group");
  }

  @Override
  public void fault(int page, Plan plan) {
    if (group > 0) {
      int start = handled.areaStart(page);
      int first = page - (page - start) % group;
      int end = (int) Math.min(handled.areaEnd(page), first + (long) group);
      int run = handled.nextSettled(page + 1, end);
      plan.add(Plan.Kind.INSTALL, handled.absentSince(page, first), run);
      return;
    }
    int end = Math.min(handled.areaEnd(page), page + 1 + after);
    int run = handled.nextSettled(page + 1, end);
    plan.add(Plan.Kind.INSTALL, page, run);
    Absent.plan(handled, run, end, plan);
    Absent.plan(handled, Math.max(handled.areaStart(page), page - before), page, plan);
  }
}
