package dev.faultscope.policy;

import dev.faultscope.settings.Parameter;

/**
 * Pushes pages from behind the last fault on while nobody waits, in steps that double from a small
 * one to a large one; a fault starts again with the small one, as CRIU's lazy pages do.
 */
final class AdaptivePush implements Policy {
  static final PolicyType TYPE =
      PolicyType.of(
          "adaptive-push",
          "as on-demand, and pushes pages from behind the last fault on, in steps that double until"
              + " the next fault",
          AdaptivePush::new,
          Parameter.number("least", 16, 1, 65_536, "pages of the first step"),
          Parameter.number("most", 1024, 1, 65_536, "pages of the longest step"));

  private final HandledPages handled;
  private final int least;
  private final int most;
  private int step;
  private int next;

  private AdaptivePush(PolicyContext context) {
    handled = context.handled();
    least = context.settings().whole("least");
    most = Math.max(least, context.settings().whole("most"));
    step = least;
  }

  @Override
  public void fault(int page, Plan plan) {
    plan.add(Plan.Kind.INSTALL, page);
    step = least;
    next = page + 1;
  }

  @Override
  public void idle(Plan plan) {
    next = Absent.planFirst(handled, next, step, plan);
    if (plan.isEmpty()) {
      next = Absent.planFirst(handled, 0, step, plan);
    }
    step = Math.min(most, step * 2);
  }
}
