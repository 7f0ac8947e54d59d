package dev.faultscope.scenario;

import dev.faultscope.policy.AccessOracle;
import dev.faultscope.policy.HandledPages;
import dev.faultscope.workload.Accesses;
import dev.faultscope.workload.RecordedAccesses;
import dev.faultscope.workload.Recordings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Plays a scenario's workloads without a machine to see what they will access: each in turn one
 * access, as if all were equally fast.
 */
public final class WorkloadOracle implements AccessOracle {
  /** Accesses that are looked at; what comes later is not foreseen. */
  private static final long FURTHEST = 1L << 26;

  private final Scenario scenario;
  private final long[] seeds;
  private final Recordings recordings;
  private final HandledPages handled;

  /**
   * Prepares it; nothing is played until somebody asks.
   *
   * @param seeds of the workloads, in their order
   */
  public WorkloadOracle(
      Scenario scenario, long[] seeds, Recordings recordings, HandledPages handled) {
    this.scenario = scenario;
    this.seeds = seeds.clone();
    this.recordings = recordings;
    this.handled = handled;
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
    Order order = new Order(handled.pages());
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
    Order order = new Order(handled.pages());
    boolean going = true;
    for (long looked = 0; going && looked < FURTHEST; ) {
      going = false;
      for (int i = 0; i < all.size(); i++) {
        Accesses accesses = all.get(i);
        if (accesses.advance()) {
          going = true;
          looked++;
          order.add(handled.page(scenario.workloads().get(i).memory(), accesses.page()));
        }
      }
    }
    return order.toArray();
  }

  /** Pages in the order in which they were first added. */
  private static final class Order {
    private final BitSet seen = new BitSet();
    private final int pages;
    private int[] order = new int[1024];
    private int size;

    Order(int pages) {
      this.pages = pages;
    }

    void add(int page) {
      if (page < 0 || page >= pages || seen.get(page)) {
        return;
      }
      seen.set(page);
      if (size == order.length) {
        order = Arrays.copyOf(order, size * 2);
      }
      order[size++] = page;
    }

    int[] toArray() {
      return Arrays.copyOf(order, size);
    }
  }
}
