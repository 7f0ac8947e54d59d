package dev.faultscope.policy;

/** Answers each fault with its page and nothing else. */
final class OnDemand implements Policy {
  static final PolicyType TYPE =
      PolicyType.of(
          "on-demand",
          "answers each fault with its page and nothing else",
          context -> new OnDemand());

  @Override
  public void fault(int page, Plan plan) {
    plan.add(Plan.Kind.INSTALL, page);
  }
}
