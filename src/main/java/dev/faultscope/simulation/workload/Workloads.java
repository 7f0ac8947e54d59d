package dev.faultscope.simulation.workload;

import dev.faultscope.scenario.Settings;
import dev.faultscope.scenario.WorkloadKind;
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
   * @param recordings finds the recording that a replay follows
   * @throws IllegalArgumentException if its pages lie outside the memory, or its recording is not
   *     there; the message says so
   */
  public static Accesses of(WorkloadSpec spec, int memoryPages, long seed, Recordings recordings) {
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
    long accesses = settings.number("accesses");
    Workload order;
    if (spec.kind() == WorkloadKind.REPLAY) {
      int[] recorded =
          recordings.accesses(String.valueOf(spec.recording())).of(spec.index(), spec.count());
      order = new Replay(recorded, pages);
      accesses = accesses == 0 ? recorded.length : accesses;
    } else {
      order = order(spec, pages, random);
      accesses = accesses == 0 ? pages : accesses;
    }
    return new Accesses(order, random, from, settings.whole("writes"), accesses);
  }

  private static Workload order(WorkloadSpec spec, int pages, RandomGenerator random) {
    Settings settings = spec.settings();
    return switch (spec.kind()) {
      case SEQUENTIAL -> new Sequential(pages);
      case RANDOM ->
          settings.isSet("once") ? new Permutation(pages, random) : new Evenly(pages, random);
      case STRIDED -> new Strided(pages, settings.whole("stride"));
      case ZIPF -> new Zipf(pages, settings.number("exponent") / 100.0, random);
      case WORKING_SET_SHIFT ->
          new ShiftingSet(
              pages,
              settings.whole("set"),
              settings.whole("step"),
              settings.number("stay"),
              random);
      case TWO_PHASE_BOOT ->
          new TwoPhaseBoot(
              pages, settings.whole("boot"), settings.number("exponent") / 100.0, random);
      case POINTER_CHASE -> new PointerChase(pages, settings.whole("nodes"), random);
      case REPLAY -> throw new IllegalArgumentException("a replay has its own order");
    };
  }
}
