package dev.faultscope.simulation.policy;

import dev.faultscope.scenario.Settings;

/**
 * Pushes pages from behind the last fault on while nobody waits, in steps that double from a small
 * one to a large one; a fault starts again with the small one, as CRIU's lazy pages do.
 */
final class AdaptivePush implements Policy {
  private final HandledPages handled;
  private final int least;
  private final int most;
  private int step;
  private int next;

  AdaptivePush(HandledPages handled, Settings settings) {
    this.handled = handled;
    least = settings.whole("least");
    most = Math.max(least, settings.whole("most"));
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
