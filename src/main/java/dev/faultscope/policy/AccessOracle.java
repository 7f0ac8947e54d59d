package dev.faultscope.policy;

/** What will be accessed: known where workloads are, and to baselines and recordings of them. */
public interface AccessOracle {
  /** {@return the pages that this run will access, by their first access, each once} */
  int[] thisRun();

  /** {@return the same of another run of the same workloads: one that was recorded before} */
  int[] earlierRun();

  /** {@return the pages that a recording holds, by their first access, each once} */
  int[] recording(String name);
}
