package dev.faultscope.policy;

/** Everything is in place before anybody accesses anything: what no handler can beat. */
final class AllResident implements Policy {
  static final PolicyType TYPE =
      PolicyType.of(
          "all-resident",
          "has everything in place before the start: a baseline",
          context -> new AllResident(context.handled()));

  private final HandledPages handled;

  AllResident(HandledPages handled) {
    this.handled = handled;
  }

  @Override
  public void prepare(Plan plan) {
    for (int at = 0; at < handled.pages(); at = handled.areaEnd(at)) {
      Absent.plan(handled, at, handled.areaEnd(at), plan);
    }
  }

  @Override
  public void fault(int page, Plan plan) {
    plan.add(Plan.Kind.INSTALL, page);
  }
}
