package dev.faultscope.simulation.policy;

import dev.faultscope.scenario.PolicySpec;
import java.util.random.RandomGenerator;

/** Every policy by its name in scenarios. */
public final class Policies {
  private Policies() {}

  /**
   * {@return a policy at work on a handler's pages}
   *
   * @param oracle for those that know what will be accessed
   * @param random for those that draw
   */
  public static Policy of(
      PolicySpec spec, HandledPages handled, AccessOracle oracle, RandomGenerator random) {
    return switch (spec.kind()) {
      case ON_DEMAND -> new OnDemand();
      case BATCH -> new Batch(handled, spec.settings());
      case PREFAULT -> new Prefault(handled, spec.settings());
      case ADAPTIVE_PUSH -> new AdaptivePush(handled, spec.settings());
      case WORKING_SET -> new WorkingSet(handled, spec, oracle);
      case FAULT_ALL -> new FaultAll(handled);
      case RANDOM_FAULTY -> new RandomFaulty(handled, spec.settings(), random);
      case ORACLE -> new Oracle(handled, oracle);
      case ALL_RESIDENT -> new AllResident(handled);
    };
  }
}
