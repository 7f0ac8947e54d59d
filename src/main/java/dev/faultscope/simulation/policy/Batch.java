package dev.faultscope.simulation.policy;

import dev.faultscope.scenario.Settings;

/**
 * Answers a fault with the pages around it, as fault-around does: first the one that faulted, with
 * what follows it, then those before. Pages in place are left out.
 */
final class Batch implements Policy {
  private final HandledPages handled;
  private final int before;
  private final int after;

  Batch(HandledPages handled, Settings settings) {
    this.handled = handled;
    before = settings.whole("before");
    after = settings.whole("after");
  }

  @Override
  public void fault(int page, Plan plan) {
    int end = Math.min(handled.areaEnd(page), page + 1 + after);
    int run = handled.nextInstalled(page + 1, end);
    plan.add(Plan.Kind.INSTALL, page, run);
    Absent.plan(handled, run, end, plan);
    Absent.plan(handled, Math.max(handled.areaStart(page), page - before), page, plan);
  }
}
