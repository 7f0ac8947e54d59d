package dev.faultscope.simulation.policy;

import dev.faultscope.scenario.Settings;

/** Answers faults with their page, and installs everything else in order while nobody waits. */
final class Prefault implements Policy {
  private final HandledPages handled;
  private final int chunk;
  private int next;

  Prefault(HandledPages handled, Settings settings) {
    this.handled = handled;
    chunk = settings.whole("chunk");
  }

  @Override
  public void fault(int page, Plan plan) {
    plan.add(Plan.Kind.INSTALL, page);
  }

  @Override
  public void idle(Plan plan) {
    next = Absent.planFirst(handled, next, chunk, plan);
  }
}
