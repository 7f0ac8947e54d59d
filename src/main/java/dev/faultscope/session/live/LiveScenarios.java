package dev.faultscope.session.live;

import dev.faultscope.linux.Kvm;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.live.engine.LiveEngine;
import dev.faultscope.live.engine.ScenarioHandler;
import dev.faultscope.live.engine.WorkloadRun;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.model.Region;
import dev.faultscope.scenario.HandlerSpec;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.session.run.RecordingSink;
import dev.faultscope.session.run.Run;
import dev.faultscope.session.run.RunStatus;
import dev.faultscope.session.run.ScenarioEngine;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scenarios on the kernel of this machine: real threads and vCPUs, in a person's hand. */
public final class LiveScenarios implements ScenarioEngine {
  private static final Logger LOG = LoggerFactory.getLogger(LiveScenarios.class);

  private static final Duration WATCHDOG = Duration.ofMinutes(10);

  private final Supplier<Optional<String>> machine;
  private final Supplier<Optional<String>> kvm;

  /** On this machine. */
  public LiveScenarios() {
    this(LiveEngine::whyUnavailable, LiveScenarios::whyNoKvm);
  }

  /**
   * On a machine of which this is known.
   *
   * @param machine why nothing can run live here, empty where it can
   * @param kvm why there are no real vCPUs, empty where there are
   */
  LiveScenarios(Supplier<Optional<String>> machine, Supplier<Optional<String>> kvm) {
    this.machine = machine;
    this.kvm = kvm;
  }

  private static Optional<String> whyNoKvm() {
    try (Kvm _ = Kvm.open()) {
      return Optional.empty();
    } catch (LinuxException none) {
      return Optional.of(
          "it has vCPUs or guest_memfd, and this machine has no KVM: " + none.getMessage());
    }
  }

  @Override
  public String name() {
    return Scenario.LIVE;
  }

  @Override
  public Optional<String> whyNot(Scenario scenario) {
    if (!scenario.engines().contains(name())) {
      return Optional.of(
          "it says that it runs on " + String.join(", ", scenario.engines()) + " only");
    }
    if (scenario.workloads().isEmpty() || scenario.handlers().isEmpty()) {
      return Optional.of(
          "its script makes the handler's calls itself, so nobody could: play it with faultscope"
              + " run --engine live");
    }
    return WorkloadRun.whyNot(scenario)
        .or(machine)
        .or(() -> scenario.usesKvm() ? kvm.get() : Optional.empty());
  }

  @Override
  public Run start(Scenario asked, SimulationOptions options, RecordingSink sink, boolean paused)
      throws IOException {
    Scenario scenario = options.applyTo(asked);
    WorkloadRun workloads;
    try {
      workloads =
          WorkloadRun.prepare(
              scenario, options.seedOf(asked), options.recordings(), sink.recorder(), WATCHDOG);
    } catch (IllegalStateException unfit) {
      throw new IllegalArgumentException("not on live: " + unfit.getMessage(), unfit);
    }
    ScenarioProcess process = new ScenarioProcess(workloads, scenario, sink.timeline());
    LiveRun run = new LiveRun(sink, policies(scenario), WATCHDOG, process, true);
    List<HeldUffd> uffds =
        workloads.handlers().stream().map(each -> held(each, scenario, sink.timeline())).toList();
    run.serving(peer(scenario, workloads.pid()), uffds, paused ? "" : null);
    Thread.ofPlatform()
        .daemon()
        .name("live-" + scenario.title())
        .start(() -> work(workloads, process, run));
    return run;
  }

  private static void work(WorkloadRun workloads, ScenarioProcess process, LiveRun run) {
    try (workloads) {
      workloads.begin();
      List<String> said = new ArrayList<>(workloads.awaitWorkloads());
      RunReport.Expectations expectations = workloads.playSteps(run::isIntervened);
      if (!expectations.failed().isEmpty()) {
        RunReport.Failed first = expectations.failed().getFirst();
        said.add(
            "Line %d expected %s and saw %s."
                .formatted(first.line(), first.expected(), first.actual()));
      }
      run.atRest(said.isEmpty() ? null : String.join(" ", said));
      process.awaitStop();
      List<LiveSummary> summaries = workloads.end();
      run.ended(
          said.isEmpty() ? "what was recorded stays" : String.join(" ", said),
          workloads.report(summaries, expectations),
          summaries);
    } catch (IOException | RuntimeException failure) {
      LOG.warn("A live run stopped", failure);
      run.failed(String.valueOf(failure.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      run.failed("it was interrupted");
    }
  }

  private static HeldUffd held(ScenarioHandler handler, Scenario scenario, Timeline timeline) {
    List<String> names = timeline.regions().stream().map(Region::name).toList();
    return new HeldUffd(
        handler.uffd(),
        handler.control(),
        handler.regions().stream().map(names::indexOf).toList(),
        scenario.uffds().stream()
            .anyMatch(each -> each.name().equals(handler.uffd()) && each.hearsRemoval()));
  }

  private static RunStatus.Peer peer(Scenario scenario, int pid) {
    return new RunStatus.Peer(
        "scenario",
        pid,
        0,
        0,
        scenario.memory().stream().mapToLong(each -> each.pages() * Region.PAGE_BYTES).sum(),
        scenario.memory().size());
  }

  private static String policies(Scenario scenario) {
    return scenario.handlers().stream()
        .map(HandlerSpec::policy)
        .map(policy -> policy.type().name())
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
