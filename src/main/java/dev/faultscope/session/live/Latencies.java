package dev.faultscope.session.live;

import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.timeline.LatencyHistogram;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the first handler measured, as a run's status has it. */
final class Latencies {
  private Latencies() {}

  static RunStatus.@Nullable Latencies of(List<LiveSummary> summaries) {
    if (summaries.isEmpty()) {
      return null;
    }
    LiveSummary summary = summaries.getFirst();
    return new RunStatus.Latencies(
        quantiles(summary.accessToRead()),
        quantiles(summary.readToIoctl()),
        quantiles(summary.ioctl()),
        summary.origins(),
        summary.placement());
  }

  private static RunStatus.Quantiles quantiles(LatencyHistogram.Percentiles of) {
    return new RunStatus.Quantiles(of.p50(), of.p99());
  }
}
