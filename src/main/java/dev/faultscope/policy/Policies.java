package dev.faultscope.policy;

import dev.faultscope.settings.Registry;
import java.util.List;

/** Every policy there is: one file each, and one line here. */
public final class Policies {
  private static final Registry<PolicyType> ALL = new Registry<>("policy");

  static {
    ALL.register(OnDemand.TYPE);
    ALL.register(Batch.TYPE);
    ALL.register(Prefault.TYPE);
    ALL.register(AdaptivePush.TYPE);
    ALL.register(WorkingSet.TYPE);
    ALL.register(FaultAll.TYPE);
    ALL.register(RandomFaulty.TYPE);
    ALL.register(Oracle.TYPE);
    ALL.register(AllResident.TYPE);
  }

  private Policies() {}

  /**
   * Adds a policy: every parser, option, form and table knows it from then on.
   *
   * @return what takes it back
   * @throws IllegalArgumentException if its name is taken
   */
  public static Registry.Registration register(PolicyType type) {
    return ALL.register(type);
  }

  /** {@return every policy, in the order in which people are shown them} */
  public static List<PolicyType> all() {
    return ALL.all();
  }

  /**
   * {@return the policy of a name}
   *
   * @throws IllegalArgumentException if there is none; the message says which there are
   */
  public static PolicyType named(String name) {
    return ALL.named(name);
  }

  /** {@return the policy that a handler has if none is chosen} */
  public static PolicySpec usual() {
    return PolicySpec.of(OnDemand.TYPE);
  }
}
