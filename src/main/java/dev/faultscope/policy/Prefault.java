package dev.faultscope.policy;

import dev.faultscope.settings.Parameter;

/** Answers faults with their page, and installs everything else in order while nobody waits. */
final class Prefault implements Policy {
  static final PolicyType TYPE =
      PolicyType.of(
          "prefault",
          "as on-demand, and installs everything in order while nobody waits",
          Prefault::new,
          Parameter.number("chunk", 64, 1, 65_536, "pages of one call"));

  private final HandledPages handled;
  private final int chunk;
  private int next;

  private Prefault(PolicyContext context) {
    handled = context.handled();
    chunk = context.settings().whole("chunk");
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
