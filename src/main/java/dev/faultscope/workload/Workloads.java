package dev.faultscope.workload;

import dev.faultscope.settings.Registry;
import java.util.List;

/** Every workload there is: one file each, and one line here. */
public final class Workloads {
  private static final Registry<WorkloadType> ALL = new Registry<>("workload");

  static {
    ALL.register(Sequential.TYPE);
    ALL.register(Permutation.TYPE);
    ALL.register(Strided.TYPE);
    ALL.register(Zipf.TYPE);
    ALL.register(ShiftingSet.TYPE);
    ALL.register(TwoPhaseBoot.TYPE);
    ALL.register(PointerChase.TYPE);
    ALL.register(Replay.TYPE);
  }

  private Workloads() {}

  /**
   * Adds a workload: parser, forms and tables know it from then on.
   *
   * @return what takes it back
   * @throws IllegalArgumentException if its name is taken
   */
  public static Registry.Registration register(WorkloadType type) {
    return ALL.register(type);
  }

  /** {@return every workload, in the order in which people are shown them} */
  public static List<WorkloadType> all() {
    return ALL.all();
  }

  /**
   * {@return the workload of a name}
   *
   * @throws IllegalArgumentException if there is none; the message says which there are
   */
  public static WorkloadType named(String name) {
    return ALL.named(name);
  }
}
