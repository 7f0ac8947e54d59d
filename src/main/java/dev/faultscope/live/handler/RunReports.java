package dev.faultscope.live.handler;

import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Says what real handlers did in the terms that every engine has. */
public final class RunReports {
  private RunReports() {}

  /**
   * {@return what a run came to}
   *
   * @param ioctls calls that others made, by name, then by outcome
   */
  public static RunReport of(
      long seed,
      Collection<LiveSummary> summaries,
      Map<String, Map<String, Long>> ioctls,
      long events,
      Map<String, Long> stallNs,
      long elapsedNs,
      RunReport.Expectations expectations) {
    long missing = 0;
    long minor = 0;
    long protect = 0;
    long messages = 0;
    Map<String, Map<String, Long>> calls = new TreeMap<>();
    ioctls.forEach((name, outcomes) -> calls.put(name, new TreeMap<>(outcomes)));
    for (LiveSummary summary : summaries) {
      missing += summary.messages().getOrDefault("fault missing", 0L);
      minor += summary.messages().getOrDefault("fault minor", 0L);
      protect += summary.messages().getOrDefault("fault write-protect", 0L);
      messages += summary.messages().values().stream().mapToLong(Long::longValue).sum();
      summary.ioctls().forEach((call, count) -> add(calls, call, count));
    }
    return new RunReport(
        Scenario.LIVE,
        seed,
        events,
        new RunReport.Faults(missing, minor, protect, 0, 0),
        messages,
        calls,
        stallNs,
        elapsedNs,
        expectations);
  }

  /** {@code COPY} or {@code COPY EEXIST}. */
  private static void add(Map<String, Map<String, Long>> ioctls, String call, long count) {
    if (count == 0) {
      return;
    }
    String[] parts = call.split(" ", 2);
    ioctls
        .computeIfAbsent(parts[0], name -> new TreeMap<>())
        .merge(parts.length == 1 ? "ok" : parts[1], count, Long::sum);
  }
}
