package dev.faultscope.simulation.policy;

/**
 * Knows what will be accessed: answers faults first and pushes the rest in the order of its first
 * access. Nobody who does not see the future can do better with the same calls.
 */
final class Oracle implements Policy {
  private final Territory territory;
  private final Foresight foresight;
  private int[] pages = new int[0];
  private int next = -1;

  Oracle(Territory territory, Foresight foresight) {
    this.territory = territory;
    this.foresight = foresight;
  }

  @Override
  public void fault(int page, Plan plan) {
    plan.add(Plan.Kind.INSTALL, page);
  }

  @Override
  public void idle(Plan plan) {
    if (next < 0) {
      pages = foresight.thisRun();
      next = 0;
    }
    next = Absent.planNext(territory, pages, next, Plan.Kind.INSTALL, plan);
  }
}
