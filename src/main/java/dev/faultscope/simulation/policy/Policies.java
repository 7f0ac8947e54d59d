package dev.faultscope.simulation.policy;

import dev.faultscope.scenario.PolicySpec;

/** Every policy by its name in scenarios. */
public final class Policies {
  private Policies() {}

  /** {@return a policy at work on a territory} */
  public static Policy of(PolicySpec spec, Territory territory) {
    return switch (spec.kind()) {
      case ON_DEMAND -> new OnDemand();
      case BATCH -> new Batch(territory, spec.settings());
    };
  }
}
