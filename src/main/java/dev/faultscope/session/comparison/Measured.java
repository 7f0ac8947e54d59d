package dev.faultscope.session.comparison;

import dev.faultscope.scenario.RunReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run came to.
 *
 * @param engine where it ran: {@code simulation} or {@code live}
 * @param policy as asked for
 * @param complete whether it ran to its end with every fault answered
 * @param note why not; empty otherwise
 * @param elapsedNs time from start to end, simulated or real
 * @param stallNs time that each vCPU or thread with a workload waited for faults, by name
 * @param faults messages of every kind, and exits for faults
 * @param ioctls by name, successes and failures
 * @param failedIoctls those that failed
 * @param pages pages that a workload got to; 0 of a live run, where only faults are seen
 * @param unusedPages pages mapped at the end that no workload got to; 0 of a live run
 * @param events how many events it took
 * @param curve when the n-th page was there for a workload, at most {@value #MAX_POINTS} points;
 *     empty of a live run
 */
public record Measured(
    String engine,
    String policy,
    long seed,
    boolean complete,
    String note,
    long elapsedNs,
    Map<String, Long> stallNs,
    long faults,
    long messages,
    Map<String, Long> ioctls,
    long failedIoctls,
    int pages,
    long unusedPages,
    long events,
    List<Point> curve) {
  /** Most points of a curve: more would not be seen. */
  public static final int MAX_POINTS = 256;

  /** After {@code ns} nanoseconds {@code n} pages had been got to. */
  public record Point(int n, long ns) {}

  static Measured of(
      String policy, RunReport report, List<String> workers, RunMeasurement tally, String note) {
    Map<String, Long> stalls = new LinkedHashMap<>();
    workers.forEach(name -> stalls.put(name, report.stallNs().getOrDefault(name, 0L)));
    Map<String, Long> ioctls = new LinkedHashMap<>();
    long failed = 0;
    for (Map.Entry<String, Map<String, Long>> each : report.ioctls().entrySet()) {
      long total = each.getValue().values().stream().mapToLong(Long::longValue).sum();
      ioctls.put(each.getKey(), total);
      failed += total - each.getValue().getOrDefault("ok", 0L);
    }
    return new Measured(
        report.engine(),
        policy,
        report.seed(),
        note.isEmpty(),
        note,
        report.elapsedNs(),
        stalls,
        report.faults().total(),
        report.messages(),
        ioctls,
        failed,
        tally.accessedPages(),
        tally.mappedForNothing(),
        report.events(),
        curve(tally));
  }

  /** {@return its ioctls of every kind, failed ones too} */
  long allIoctls() {
    return ioctls.values().stream().mapToLong(Long::longValue).sum();
  }

  private static List<Point> curve(RunMeasurement tally) {
    int pages = tally.accessedPages();
    int points = Math.min(pages, MAX_POINTS);
    List<Point> curve = new ArrayList<>(points);
    for (int i = 0; i < points; i++) {
      int n = points == 1 ? 0 : (int) ((long) i * (pages - 1) / (points - 1));
      curve.add(new Point(n + 1, tally.timeNs(n)));
    }
    return List.copyOf(curve);
  }
}
