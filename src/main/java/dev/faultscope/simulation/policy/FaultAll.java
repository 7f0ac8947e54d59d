package dev.faultscope.simulation.policy;

/** Installs everything at the first fault, a mapping at a time, that of the fault first. */
final class FaultAll implements Policy {
  private final Territory territory;
  private boolean done;

  FaultAll(Territory territory) {
    this.territory = territory;
  }

  @Override
  public void fault(int page, Plan plan) {
    if (done) {
      plan.add(Plan.Kind.INSTALL, page);
      return;
    }
    done = true;
    int first = territory.areaStart(page);
    plan.add(Plan.Kind.INSTALL, first, territory.areaEnd(page));
    for (int at = 0; at < territory.pages(); at = territory.areaEnd(at)) {
      if (at != first) {
        plan.add(Plan.Kind.INSTALL, at, territory.areaEnd(at));
      }
    }
  }
}
