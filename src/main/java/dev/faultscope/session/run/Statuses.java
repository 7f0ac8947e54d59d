package dev.faultscope.session.run;

import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.HandlerSpec;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.kernel.QueuedFault;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says how a simulation stands. */
final class Statuses {
  static final String NO_PAGE_TABLE =
      "A simulation has no page table beside its own: what is recorded is what it holds.";

  private static final Map<UffdIoctl, String> IOCTLS = ioctls();

  private Statuses() {}

  private static Map<UffdIoctl, String> ioctls() {
    Map<UffdIoctl, String> all = new EnumMap<>(UffdIoctl.class);
    for (UffdIoctl each : UffdIoctl.values()) {
      if (each.hasRange()) {
        all.put(each, "");
      }
    }
    return all;
  }

  static RunStatus of(
      long revision, Simulation simulation, Stepping stepping, CommandTranslator hands) {
    List<QueuedFault> waiting = simulation.waiting();
    RunReport report = simulation.report();
    String message = stepping.message();
    boolean over = stepping.phase().isOver();
    return new RunStatus(
        revision,
        stepping.phase(),
        simulation.isManual(),
        policies(simulation.scenario()),
        null,
        stepping.breakpoints(),
        stepping.stop(),
        message == null ? failedExpectations(report) : message,
        waiting.stream()
            .sorted(Comparator.comparingLong(QueuedFault::sequence))
            .limit(RunStatus.MAX_WAITING)
            .map(fault -> waiting(fault, simulation.isManual()))
            .toList(),
        waiting.size(),
        simulation.uffds(),
        new Capabilities(
            stepping.phase() == RunPhase.PAUSED ? List.of(RunCommand.Unit.values()) : List.of(),
            "",
            over ? "The run is over." : "",
            simulation.uffds().isEmpty() ? "It has no userfaultfd." : "",
            NO_PAGE_TABLE,
            "",
            hands.injections(),
            IOCTLS),
        report,
        new RunStatus.Simulated(simulation.seed(), simulation.steps()));
  }

  private static String policies(Scenario scenario) {
    return scenario.handlers().stream()
        .map(HandlerSpec::policy)
        .map(policy -> policy.type().name())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static @Nullable String failedExpectations(RunReport report) {
    var failed = report.expectations().failed();
    return failed.isEmpty()
        ? null
        : "Line "
            + failed.getFirst().line()
            + " expected "
            + failed.getFirst().expected()
            + " and saw "
            + failed.getFirst().actual()
            + (failed.size() == 1 ? "." : ", and " + (failed.size() - 1) + " more failed.");
  }

  private static RunStatus.Waiting waiting(QueuedFault fault, boolean manual) {
    return new RunStatus.Waiting(
        fault.sequence(),
        fault.uffd(),
        fault.region(),
        fault.page(),
        fault.flags(),
        fault.actor(),
        fault.read(),
        manual,
        fault.sinceNs(),
        "");
  }
}
