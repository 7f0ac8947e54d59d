package dev.faultscope.simulation.policy;

import dev.faultscope.scenario.PolicySpec;
import java.util.random.RandomGenerator;

/** Every policy by its name in scenarios. */
public final class Policies {
  private Policies() {}

  /**
   * {@return a policy at work on a territory}
   *
   * @param foresight for those that know what will be accessed
   * @param random for those that draw
   */
  public static Policy of(
      PolicySpec spec, Territory territory, Foresight foresight, RandomGenerator random) {
    return switch (spec.kind()) {
      case ON_DEMAND -> new OnDemand();
      case BATCH -> new Batch(territory, spec.settings());
      case PREFAULT -> new Prefault(territory, spec.settings());
      case ADAPTIVE_PUSH -> new AdaptivePush(territory, spec.settings());
      case WORKING_SET -> new WorkingSet(territory, spec, foresight);
      case FAULT_ALL -> new FaultAll(territory);
      case RANDOM_FAULTY -> new RandomFaulty(territory, spec.settings(), random);
      case ORACLE -> new Oracle(territory, foresight);
      case ALL_RESIDENT -> new AllResident(territory);
    };
  }
}
