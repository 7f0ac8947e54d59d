package dev.faultscope.simulation.policy;

import dev.faultscope.scenario.Settings;

/**
 * Answers a fault with the pages around it, as fault-around does: first the one that faulted, with
 * what follows it, then those before. Pages in place are left out.
 */
final class Batch implements Policy {
  private final Territory territory;
  private final int before;
  private final int after;

  Batch(Territory territory, Settings settings) {
    this.territory = territory;
    before = settings.whole("before");
    after = settings.whole("after");
  }

  @Override
  public void fault(int page, Plan plan) {
    int end = Math.min(territory.areaEnd(page), page + 1 + after);
    int run = territory.nextInstalled(page + 1, end);
    plan.add(Plan.Kind.INSTALL, page, run);
    Absent.plan(territory, run, end, plan);
    Absent.plan(territory, Math.max(territory.areaStart(page), page - before), page, plan);
  }
}
