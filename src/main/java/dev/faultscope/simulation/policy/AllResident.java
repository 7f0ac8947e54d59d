package dev.faultscope.simulation.policy;

/** Everything is in place before anybody accesses anything: what no handler can beat. */
final class AllResident implements Policy {
  private final Territory territory;

  AllResident(Territory territory) {
    this.territory = territory;
  }

  @Override
  public void prepare(Plan plan) {
    for (int at = 0; at < territory.pages(); at = territory.areaEnd(at)) {
      plan.add(Plan.Kind.INSTALL, at, territory.areaEnd(at));
    }
  }

  @Override
  public void fault(int page, Plan plan) {
    plan.add(Plan.Kind.INSTALL, page);
  }
}
