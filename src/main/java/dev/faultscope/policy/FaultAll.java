package dev.faultscope.policy;

/** Installs everything at the first fault, a mapping at a time, that of the fault first. */
final class FaultAll implements Policy {
  static final PolicyType TYPE =
      PolicyType.of(
          "fault-all",
          "installs everything at the first fault",
          context -> new FaultAll(context.handled()));

  private final HandledPages handled;
  private boolean done;

  FaultAll(HandledPages handled) {
    this.handled = handled;
  }

  @Override
  public void fault(int page, Plan plan) {
    if (done) {
      plan.add(Plan.Kind.INSTALL, page);
      return;
    }
    done = true;
    if (handled.isSettled(page)) {
      plan.add(Plan.Kind.INSTALL, page);
    }
    int first = handled.areaStart(page);
    Absent.plan(handled, first, handled.areaEnd(page), plan);
    for (int at = 0; at < handled.pages(); at = handled.areaEnd(at)) {
      if (at != first) {
        Absent.plan(handled, at, handled.areaEnd(at), plan);
      }
    }
  }
}
