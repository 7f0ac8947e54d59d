package dev.faultscope.cli;

import dev.faultscope.linux.remote.RemoteThread;
import dev.faultscope.live.engine.LiveEngine;
import dev.faultscope.live.engine.ScriptRun;
import dev.faultscope.live.engine.WorkloadRun;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.WorkloadSpec;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.workload.Accesses;
import dev.faultscope.workload.Recordings;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Runs scenarios on the kernel of this machine. */
final class LiveRunner implements EngineRunner {
  private static final int MOST_ACCESSES = 1 << 26;

  @Override
  public String name() {
    return Scenario.LIVE;
  }

  @Override
  public RunReport run(Request request, Recorder recorder) throws IOException {
    Optional<String> unavailable = LiveEngine.whyUnavailable();
    if (unavailable.isPresent()) {
      throw new UnfitScenarioException("not on this machine: " + unavailable.get());
    }
    Scenario scenario =
        request.policy() == null ? request.scenario() : request.scenario().with(request.policy());
    long seed = request.seed().orElse(scenario.seed());
    try {
      return scenario.isTimed()
          ? WorkloadRun.run(
              scenario,
              seed,
              (spec, pages, its) -> order(spec, pages, its, request.recordings()),
              recorder)
          : ScriptRun.run(scenario, seed);
    } catch (IllegalStateException | IllegalArgumentException unfit) {
      throw new UnfitScenarioException(String.valueOf(unfit.getMessage()));
    }
  }

  private static int[] order(WorkloadSpec spec, int pages, long seed, Recordings recordings) {
    Accesses accesses = spec.accesses(pages, seed, recordings);
    int[] order = new int[1024];
    int count = 0;
    while (accesses.advance()) {
      if (count == MOST_ACCESSES) {
        throw new IllegalArgumentException(
            spec.actor() + " makes more than " + MOST_ACCESSES + " accesses");
      }
      if (count == order.length) {
        order = Arrays.copyOf(order, 2 * count);
      }
      order[count++] = accesses.page() | (accesses.isWrite() ? RemoteThread.WRITES : 0);
    }
    return Arrays.copyOf(order, count);
  }
}
