package dev.faultscope.simulation.workload;

import dev.faultscope.scenario.Settings;
import dev.faultscope.scenario.WorkloadSpec;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Every workload by its name in scenarios. */
public final class Workloads {
  private Workloads() {}

  /**
   * {@return what a thread accesses}
   *
   * @param memoryPages size of the memory that it names
   * @param seed of this thread's own random numbers
   * @throws IllegalArgumentException if its pages lie outside the memory; the message says so
   */
  public static Accesses of(WorkloadSpec spec, int memoryPages, long seed) {
    Settings settings = spec.settings();
    RandomGenerator random = new SplittableRandom(seed);
    int from = settings.whole("from");
    int pages = settings.whole("pages") == 0 ? memoryPages - from : settings.whole("pages");
    if (pages < 1 || from + pages > memoryPages) {
      throw new IllegalArgumentException(
          "%s: pages %d to %d are not all in %s, which has %d"
              .formatted(spec.actor(), from, from + pages - 1, spec.memory(), memoryPages));
    }
    if (settings.isSet("split")) {
      int part = (int) ((long) pages * spec.index() / spec.count());
      int end = (int) ((long) pages * (spec.index() + 1) / spec.count());
      if (end == part) {
        throw new IllegalArgumentException(
            "%s: %d pages cannot be split among %d".formatted(spec.actor(), pages, spec.count()));
      }
      from += part;
      pages = end - part;
    }
    long accesses = settings.number("accesses") == 0 ? pages : settings.number("accesses");
    return new Accesses(
        order(spec, pages, random), random, from, settings.whole("writes"), accesses);
  }

  private static Workload order(WorkloadSpec spec, int pages, RandomGenerator random) {
    return switch (spec.kind()) {
      case SEQUENTIAL -> new Sequential(pages);
      case RANDOM ->
          spec.settings().isSet("once")
              ? new Permutation(pages, random)
              : new Evenly(pages, random);
    };
  }
}
