package dev.faultscope.cli;

import dev.faultscope.scenario.Cost;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.timeline.UnkeptRecording;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Prints what the cost model makes of the machines of published measurements, beside what was
 * measured there. Simulated time: the machine that this runs on does not matter.
 *
 * <p>Sources: J. Houghton, KVM Userfault v1 (December 2024), 96-thread x86; A. Moorthy,
 * KVM_CAP_EXIT_ON_MISSING v3 (April 2023), 256 cores; N. Kalyazin, userfaultfd minor for
 * guest_memfd v2 (April 2025). All with {@code demand_paging_test}.
 */
final class CostModelBenchmark {
  /** Pages of each vCPU: enough that start and end do not count. */
  private static final int PAGES = 400;

  /** One userfaultfd over memory that is all in the page cache; no costs set. */
  private static final String MINOR =
      """
      title: demand paging
      memory: {ram: {backing: memfd, pages: %1$d, fill: 1}}
      uffds: {u: {%2$sregister: {ram: [MINOR]}}}
      kvm: {slots: {s: {memory: ram}}}
      vcpus: {v: {count: %3$d, workload: {kind: sequential, split: true}}}
      handlers: {h: {readers: %4$d}}
      """;

  private static final String EXITS =
      """
      title: demand paging by exits
      memory: {ram: {backing: memfd, pages: %d, fill: 1}}
      kvm: {slots: {s: {memory: ram, userfault: true}}}
      vcpus: {v: {count: %d, workload: {kind: sequential, split: true}}}
      handlers: {x: {exits: kvm-userfault}}
      """;

  /**
   * Cost of a wake-up that gives the 23,876 pages a second when every other cost has its default.
   * The source tells no costs of its machine: this one is solved for, not measured. It lies within
   * the 3 to 25 µs that a wake-up of an idle CPU takes on servers.
   */
  static final String SOLVED_WAKE = "16900ns";

  static final double SERIES_RATE = 23_876.25;

  private final Consumer<String> out;

  CostModelBenchmark(Consumer<String> out) {
    this.out = out;
  }

  /**
   * A published rate and what the simulation makes of it.
   *
   * @param published faults a second
   * @param simulated faults a second of simulated time
   */
  record Figure(String what, int vcpus, double published, double simulated) {
    double ratio() {
      return simulated / published;
    }
  }

  /** Faults a second of so many vCPUs. */
  private interface Rate {
    double of(int vcpus);
  }

  void run() {
    say("faults per second of all vCPUs, default costs; one userfaultfd levels off");
    say("%6s %16s %16s %16s", "vCPUs", "one userfaultfd", "one a vCPU", "KVM Userfault");
    for (int vcpus : new int[] {1, 2, 4, 8, 16, 32, 64, 128}) {
      say("%6d %,16.0f %,16.0f %,16.0f", vcpus, one(vcpus), onePerVcpu(vcpus), exits(vcpus));
    }
    print("pages per second and vCPU, 96-thread x86 (Houghton, December 2024)", houghton());
    print("faults per second of all vCPUs, 256 cores (Moorthy, April 2023)", moorthy());
    kalyazin();
  }

  /** {@return rates of each vCPU} */
  static List<Figure> houghton() {
    int[] vcpus = {2, 8, 64};
    List<Figure> all = new ArrayList<>();
    all.addAll(
        figures(
            "one userfaultfd, 1 reader",
            vcpus,
            new double[] {102_336, 31_704, 3_244},
            n -> one(n) / n));
    all.addAll(
        figures(
            "one userfaultfd, a reader a vCPU",
            vcpus,
            new double[] {97_981, 36_982, 1_673},
            n -> readerPerVcpu(n) / n));
    all.addAll(
        figures(
            "a userfaultfd a vCPU",
            vcpus,
            new double[] {102_661, 56_978, 11_300},
            n -> onePerVcpu(n) / n));
    all.addAll(
        figures(
            "KVM Userfault", vcpus, new double[] {160_326, 128_247, 39_913}, n -> exits(n) / n));
    return all;
  }

  /** {@return rates of all vCPUs together} */
  static List<Figure> moorthy() {
    int[] vcpus = {1, 2, 4, 8, 16, 32, 64, 128, 256};
    double[] messages = {150e3, 191e3, 210e3, 155e3, 130e3, 108e3, 86e3, 62e3, 36e3};
    double[] exits = {340e3, 477e3, 809e3, 1239e3, 1595e3, 2299e3, 3482e3, 4134e3, 4012e3};
    List<Figure> all = new ArrayList<>();
    all.addAll(
        figures(
            "one userfaultfd, a reader a vCPU",
            vcpus,
            messages,
            CostModelBenchmark::readerPerVcpu));
    all.addAll(figures("exits to the VMM", vcpus, exits, CostModelBenchmark::exits));
    return all;
  }

  private static List<Figure> figures(String what, int[] vcpus, double[] published, Rate rate) {
    List<Figure> all = new ArrayList<>();
    for (int i = 0; i < vcpus.length; i++) {
      all.add(new Figure(what, vcpus[i], published[i], rate.of(vcpus[i])));
    }
    return all;
  }

  private void kalyazin() {
    say("");
    say("demand_paging_test -u MINOR -s shmem, 1 vCPU, 1 reader (Kalyazin, April 2025)");
    double simulated = series(Map.of("costs.wake", SOLVED_WAKE));
    say("published %,.0f pages/s/vCPU (%.1f µs a page)", SERIES_RATE, 1e6 / SERIES_RATE);
    say("with the default costs %,.0f", series(Map.of()));
    say(
        "with wake: %s, solved for this figure, %,.0f: ratio %.2f",
        SOLVED_WAKE, simulated, simulated / SERIES_RATE);
    Map<Cost, Double> parts = parts();
    double whole = 1e6 / simulated;
    parts.forEach(
        (cost, each) -> {
          if (each >= whole / 100) {
            say("  %-10s %5.1f µs of %.1f (%.0f %%)", cost.key(), each, whole, 100 * each / whole);
          }
        });
    say("dominant cost: %s", dominant(parts).key());
  }

  /** {@return pages a second of one vCPU with one reader, as the patch series measured it} */
  static double series(Map<String, String> set) {
    return rate(report(MINOR.formatted(PAGES, "", 1, 1), set));
  }

  /** {@return by how many µs a page is faster if the cost were nothing, with the solved wake-up} */
  static Map<Cost, Double> parts() {
    double whole = 1e6 / series(Map.of("costs.wake", SOLVED_WAKE));
    Map<Cost, Double> parts = new EnumMap<>(Cost.class);
    for (Cost cost : Cost.values()) {
      Map<String, String> without = new HashMap<>(Map.of("costs.wake", SOLVED_WAKE));
      without.put("costs." + cost.key(), "0ns");
      parts.put(cost, whole - 1e6 / series(without));
    }
    return parts;
  }

  static Cost dominant(Map<Cost, Double> parts) {
    return Collections.max(parts.entrySet(), Map.Entry.comparingByValue()).getKey();
  }

  private void print(String title, List<Figure> figures) {
    say("");
    say("%s", title);
    say("%-34s %6s %12s %12s %6s", "", "vCPUs", "published", "simulated", "ratio");
    for (Figure each : figures) {
      say(
          "%-34s %6d %,12.0f %,12.0f %6.2f",
          each.what(), each.vcpus(), each.published(), each.simulated(), each.ratio());
    }
  }

  /** One userfaultfd and one reader, however many vCPUs. {@return faults a second of all} */
  static double one(int vcpus) {
    return minor(vcpus, 1, "");
  }

  static double readerPerVcpu(int vcpus) {
    return minor(vcpus, vcpus, "");
  }

  /** A userfaultfd and a reader for each vCPU. {@return faults a second of all} */
  static double onePerVcpu(int vcpus) {
    return minor(vcpus, 1, "split: " + vcpus + ", ");
  }

  /** KVM Userfault alone. {@return faults a second of all} */
  static double exits(int vcpus) {
    return rate(report(EXITS.formatted(PAGES * vcpus, vcpus), Map.of()));
  }

  private static double minor(int vcpus, int readers, String split) {
    return rate(report(MINOR.formatted(PAGES * vcpus, split, vcpus, readers), Map.of()));
  }

  private static double rate(RunReport report) {
    return report.faults().total() * 1e9 / report.elapsedNs();
  }

  private static RunReport report(String text, Map<String, String> set) {
    Scenario scenario = ScenarioParser.parse(text, set);
    Simulation simulation =
        Simulation.start(scenario, SimulationOptions.NONE, new UnkeptRecording());
    while (simulation.advance()) {
      // to the end
    }
    return simulation.report();
  }

  private void say(String format, Object... values) {
    out.accept(String.format(Locale.ROOT, format, values));
  }
}
