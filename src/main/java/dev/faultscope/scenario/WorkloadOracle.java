package dev.faultscope.scenario;

import dev.faultscope.policy.AccessOracle;
import dev.faultscope.policy.PageOrder;
import dev.faultscope.workload.Accesses;
import dev.faultscope.workload.RecordedAccesses;
import dev.faultscope.workload.Recordings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Plays a scenario's workloads without a machine to see what they will access: each in turn one
 * access, as if all were equally fast.
 */
public final class WorkloadOracle implements AccessOracle {
  /** Accesses that are looked at; what comes later is not foreseen. */
  private static final long FURTHEST = 1L << 26;

  /** Numbers pages as a handler does. */
  @FunctionalInterface
  public interface Numbering {
    /** {@return the number of a memory's page, -1 where the handler does not answer for it} */
    int page(String memory, int page);
  }

  private final Scenario scenario;
  private final long[] seeds;
  private final Recordings recordings;
  private final int pages;
  private final Numbering numbering;

  /**
   * Prepares it; nothing is played until somebody asks.
   *
   * @param seeds of the workloads, in their order
   * @param pages how many the handler answers for
   */
  public WorkloadOracle(
      Scenario scenario, long[] seeds, Recordings recordings, int pages, Numbering numbering) {
    this.scenario = scenario;
    this.seeds = seeds.clone();
    this.recordings = recordings;
    this.pages = pages;
    this.numbering = numbering;
  }

  @Override
  public int[] thisRun() {
    return play(seeds);
  }

  @Override
  public int[] earlierRun() {
    return play(Arrays.stream(seeds).map(seed -> new SplittableRandom(seed).nextLong()).toArray());
  }

  @Override
  public int[] recording(String name) {
    RecordedAccesses recorded = recordings.accesses(name);
    PageOrder order = new PageOrder(pages);
    for (int i = 0; i < recorded.size(); i++) {
      order.add(recorded.page(i));
    }
    return order.toArray();
  }

  private int[] play(long[] with) {
    List<Accesses> all = new ArrayList<>();
    for (int i = 0; i < with.length; i++) {
      WorkloadSpec spec = scenario.workloads().get(i);
      MemorySpec memory = scenario.memoryOf(spec);
      all.add(spec.accesses(memory.pages(), with[i], recordings));
    }
    PageOrder order = new PageOrder(pages);
    boolean going = true;
    for (long looked = 0; going && looked < FURTHEST; ) {
      going = false;
      for (int i = 0; i < all.size(); i++) {
        Accesses accesses = all.get(i);
        if (accesses.advance()) {
          going = true;
          looked++;
          order.add(numbering.page(scenario.workloads().get(i).memory(), accesses.page()));
        }
      }
    }
    return order.toArray();
  }
}
