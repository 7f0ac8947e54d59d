package dev.faultscope.session.run;

import dev.faultscope.scenario.HandlerSpec;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.kernel.QueuedFault;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says how a simulation stands. */
final class Statuses {
  private Statuses() {}

  static RunStatus of(
      long revision, Simulation simulation, Stepping stepping, CommandTranslator hands) {
    List<QueuedFault> waiting = simulation.waiting();
    RunReport report = simulation.report();
    String message = stepping.message();
    return new RunStatus(
        revision,
        Scenario.SIMULATION,
        simulation.seed(),
        stepping.phase(),
        simulation.isManual(),
        policies(simulation.scenario()),
        stepping.hold(),
        simulation.steps(),
        stepping.phase() != RunPhase.ENDED && stepping.phase() != RunPhase.FAILED,
        message == null ? failedExpectations(report) : message,
        waiting.stream()
            .sorted(Comparator.comparingLong(QueuedFault::sequence))
            .limit(RunStatus.MAX_WAITING)
            .map(Statuses::waiting)
            .toList(),
        waiting.size(),
        simulation.uffds(),
        hands.injections(),
        report);
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

  private static RunStatus.Waiting waiting(QueuedFault fault) {
    return new RunStatus.Waiting(
        fault.sequence(),
        fault.uffd(),
        fault.region(),
        fault.page(),
        fault.flags(),
        fault.actor(),
        fault.read(),
        fault.sinceNs());
  }
}
