package dev.faultscope.policy;

import dev.faultscope.settings.Parameter;

/**
 * A policy as CONTRIBUTING.md tells to add one: this file, and a line in {@link Policies}, which
 * here the test says.
 */
public final class ExamplePolicy implements Policy {
  public static final PolicyType TYPE =
      PolicyType.of(
          "pages-behind",
          "answers a fault with its page and some that lie behind it",
          ExamplePolicy::new,
          Parameter.number("behind", 3, 0, 64, "pages behind the faulting one"));

  private final HandledPages handled;
  private final int behind;

  private ExamplePolicy(PolicyContext context) {
    handled = context.handled();
    behind = context.settings().whole("behind");
  }

  @Override
  public void fault(int page, Plan plan) {
    plan.add(Plan.Kind.INSTALL, page, Math.min(handled.areaEnd(page), page + 1 + behind));
  }
}
