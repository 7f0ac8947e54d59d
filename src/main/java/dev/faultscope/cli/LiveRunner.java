package dev.faultscope.cli;

import dev.faultscope.live.engine.LiveEngine;
import dev.faultscope.live.engine.ScriptRun;
import dev.faultscope.live.engine.WorkloadRun;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.timeline.Recorder;
import java.io.IOException;
import java.util.Optional;

/** Runs scenarios on the kernel of this machine. */
final class LiveRunner implements EngineRunner {
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
          ? WorkloadRun.run(scenario, seed, request.recordings(), recorder, () -> false)
          : ScriptRun.run(scenario, seed);
    } catch (IllegalStateException | IllegalArgumentException unfit) {
      throw new UnfitScenarioException(String.valueOf(unfit.getMessage()));
    }
  }
}
