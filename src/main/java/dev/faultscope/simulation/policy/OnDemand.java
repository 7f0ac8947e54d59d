package dev.faultscope.simulation.policy;

/** Answers each fault with its page and nothing else. */
final class OnDemand implements Policy {
  @Override
  public void fault(int page, Plan plan) {
    plan.add(Plan.Kind.INSTALL, page);
  }
}
