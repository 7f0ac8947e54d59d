package dev.faultscope.cli;

import dev.faultscope.model.Counted;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.WorkloadSpec;
import dev.faultscope.settings.Settings;
import dev.faultscope.timeline.LatencyHistogram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code run} prints of a run. */
final class RunSummary {
  /** Threads that get a line of their own. */
  private static final int SHOWN_THREADS = 16;

  private final Scenario scenario;
  private final RunReport report;

  RunSummary(Scenario scenario, RunReport report) {
    this.scenario = scenario;
    this.report = report;
  }

  /** One JSON object. */
  static String json(RunReport report) {
    return Output.json(report) + "\n";
  }

  /** A few aligned lines. */
  String text() {
    StringBuilder out = new StringBuilder();
    row(out, "scenario", scenario.title());
    row(out, "engine", report.engine() + ", seed " + report.seed());
    row(out, "elapsed", duration(report.elapsedNs()));
    row(out, "events", number(report.events()));
    row(out, "faults", faults(report.faults()));
    row(out, "messages read", number(report.messages()));
    report.ioctls().forEach((name, outcomes) -> row(out, "UFFDIO_" + name, counts(outcomes)));
    stalls(out);
    pagingRate(out);
    RunReport.Expectations expectations = report.expectations();
    if (expectations.passed() + expectations.failed().size() > 0) {
      row(
          out,
          "expectations",
          "%d passed, %d failed".formatted(expectations.passed(), expectations.failed().size()));
    }
    for (RunReport.Failed failed : expectations.failed()) {
      String step = failed.step() == null ? "" : " (" + failed.step() + ")";
      row(
          out,
          "  line " + failed.line() + step,
          "expected " + failed.expected() + ", was " + failed.actual());
    }
    return out.toString();
  }

  private static String faults(RunReport.Faults faults) {
    List<String> kinds = new ArrayList<>();
    addIf(kinds, faults.missing(), "missing");
    addIf(kinds, faults.minor(), "minor");
    addIf(kinds, faults.wp(), "write-protect");
    addIf(kinds, faults.kvmUserfault(), Counted.noun(faults.kvmUserfault(), "KVM Userfault exit"));
    addIf(
        kinds, faults.memoryFault(), Counted.noun(faults.memoryFault(), "other memory-fault exit"));
    addIf(kinds, faults.stage2(), "of stage 2");
    return number(faults.total()) + (kinds.isEmpty() ? "" : ": " + String.join(", ", kinds));
  }

  private static void addIf(List<String> kinds, long count, String kind) {
    if (count > 0) {
      kinds.add(number(count) + " " + kind);
    }
  }

  private static String counts(Map<String, Long> outcomes) {
    return outcomes.entrySet().stream()
        .map(each -> number(each.getValue()) + " " + each.getKey())
        .collect(Collectors.joining(", "));
  }

  private void stalls(StringBuilder out) {
    Map<String, Long> stalls = report.stallNs();
    if (stalls.size() <= SHOWN_THREADS) {
      stalls.forEach((name, ns) -> row(out, name + " waited", duration(ns) + share(ns)));
      return;
    }
    LatencyHistogram histogram = new LatencyHistogram();
    stalls.values().forEach(histogram::add);
    long median = histogram.percentiles().p50();
    row(
        out,
        Counted.of(stalls.size(), "thread") + " waited",
        "least %s, median %s, most %s%s"
            .formatted(
                duration(Collections.min(stalls.values())),
                duration(median),
                duration(histogram.max()),
                share(median)));
  }

  /** Accesses by workloads, in the words and units of the kernel's demand_paging_test. */
  private void pagingRate(StringBuilder out) {
    long pages = scenario.workloads().stream().mapToLong(this::accesses).sum();
    if (pages == 0 || report.elapsedNs() == 0) {
      return;
    }
    double overall = pages * 1e9 / report.elapsedNs();
    double each = overall / scenario.workloads().size();
    row(out, "per-vCPU paging rate", String.format(Locale.ROOT, "%f pgs/sec/vcpu", each));
    row(out, "overall paging rate", String.format(Locale.ROOT, "%f pgs/sec", overall));
  }

  private long accesses(WorkloadSpec workload) {
    Settings settings = workload.settings();
    if (settings.number("accesses") != 0) {
      return settings.number("accesses");
    }
    int all =
        scenario.memory().stream()
            .filter(each -> each.name().equals(workload.memory()))
            .mapToInt(MemorySpec::pages)
            .sum();
    int pages =
        settings.whole("pages") == 0 ? all - settings.whole("from") : settings.whole("pages");
    return settings.isSet("split") ? pages / workload.count() : pages;
  }

  private String share(long ns) {
    return report.elapsedNs() == 0
        ? ""
        : String.format(Locale.ROOT, " (%.1f %%)", 100.0 * ns / report.elapsedNs());
  }

  private static void row(StringBuilder out, String name, String value) {
    out.append(String.format(Locale.ROOT, "%-22s %s%n", name, value));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String duration(long ns) {
    return ns >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.3f s", ns / 1e9)
        : ns >= 1_000_000
            ? String.format(Locale.ROOT, "%.3f ms", ns / 1e6)
            : String.format(Locale.ROOT, "%.1f µs", ns / 1e3);
  }
}
