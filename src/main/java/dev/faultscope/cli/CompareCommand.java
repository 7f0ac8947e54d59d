package dev.faultscope.cli;

import dev.faultscope.session.comparison.Comparison;
import dev.faultscope.session.comparison.ComparisonLimits;
import dev.faultscope.session.comparison.ComparisonRequest;
import dev.faultscope.session.comparison.ComparisonView;
import dev.faultscope.session.comparison.Measured;
import dev.faultscope.session.comparison.PolicyChoice;
import dev.faultscope.session.comparison.Ratio;
import dev.faultscope.session.scenario.BadScenarioException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a scenario under several policies and puts beside each other what they came to. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description =
        "Runs a scenario under several policies of its handlers, on the simulated kernel, this"
            + " machine's or both, and says what each came to.",
    footer = "Exit code: 0; 2 for bad usage; 3 for bad input.")
final class CompareCommand implements Callable<Integer> {
  @Mixin private ScenarioOptions scenario = new ScenarioOptions();

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      completionCandidates = PolicyNames.class,
      description =
          "${COMPLETION-CANDIDATES}; with settings as in batch:16, batch:before=8,after=7 or"
              + " '{name: batch, after: 31}'. May be repeated (default: every policy there is).")
  private List<String> policies = new ArrayList<>();

  @Option(
      names = "--engine",
      split = ",",
      paramLabel = "ENGINE",
      description =
          "simulation, live or both: real figures are shown as multiples of simulated ones"
              + " (default: simulation).")
  private List<String> engines = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Each policy runs once with each seed. May be repeated (default: the scenario's).")
  private List<Long> seeds = new ArrayList<>();

  @Option(
      names = "--json",
      description = "Print one JSON object, with the curve of every run (docs/wire-protocol.md).")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** What it can be held against, and what not. */
  private static final String ORACLE =
      "oracle: of accesses, not of costs: it moves no page in vain, and what moves more in fewer"
          + " calls can be quicker. The bound is all-resident.";

  @Override
  public Integer call() throws IOException {
    Output output = Output.of(spec);
    try {
      List<String> chosen =
          policies.isEmpty()
              ? PolicyChoice.all().stream().map(PolicyChoice::name).toList()
              : policies;
      ComparisonRequest request =
          ComparisonRequest.of(
              scenario.text(), chosen, seeds, engines, scenario.set(), ComparisonLimits.USUAL);
      Comparison comparison = Comparison.of(request);
      comparison.run();
      ComparisonView view = comparison.view();
      print(view, output);
      if (view.state() == Comparison.State.DONE) {
        return 0;
      }
      output.tell("faultscope: " + scenario.file() + ": " + view.message());
    } catch (BadScenarioException e) {
      output.tell(
          "faultscope: %s: line %d, column %d: %s"
              .formatted(scenario.file(), e.line(), e.column(), e.problem()));
    } catch (IllegalArgumentException | UnfitScenarioException e) {
      output.tell("faultscope: " + scenario.file() + ": " + e.getMessage());
    }
    return Problems.INPUT;
  }

  private void print(ComparisonView view, Output output) {
    if (json) {
      output.say(Output.json(view));
      return;
    }
    output.say(view.title());
    int widest = view.policies().stream().mapToInt(String::length).max().orElse(0);
    String row = "%-10s %-" + Math.max(widest, 6) + "s %6s %14s %16s %16s %10s %10s %8s %10s";
    output.say(
        row.formatted(
            "engine",
            "policy",
            "seed",
            "elapsed ns",
            "stall ns",
            "longest stall ns",
            "faults",
            "ioctls",
            "failed",
            "unused"));
    for (Measured run : view.runs()) {
      String line =
          row.formatted(
              run.engine(),
              run.policy(),
              run.seed(),
              count(run.elapsedNs()),
              count(run.stallNs().values().stream().mapToLong(Long::longValue).sum()),
              count(run.stallNs().values().stream().mapToLong(Long::longValue).max().orElse(0)),
              count(run.faults()),
              count(run.ioctls().values().stream().mapToLong(Long::longValue).sum()),
              count(run.failedIoctls()),
              count(run.unusedPages()));
      output.say(run.complete() ? line : line + "  " + run.note());
    }
    if (!view.ratios().isEmpty()) {
      printRatios(view, widest, output);
    }
    if (view.policies().contains("oracle")) {
      output.say(ORACLE);
    }
  }

  /** How many times the simulated figure each real one is. */
  private static void printRatios(ComparisonView view, int widest, Output output) {
    output.say("real as multiples of simulated:");
    String row = "%-" + Math.max(widest, 6) + "s %6s %8s %8s %8s  %s";
    output.say(row.formatted("policy", "seed", "faults", "ioctls", "elapsed", "stall"));
    for (Ratio each : view.ratios()) {
      String stalls =
          each.stall().entrySet().stream()
              .map(one -> one.getKey() + " " + times(one.getValue()))
              .collect(Collectors.joining(", "));
      output.say(
          row.formatted(
              each.policy(),
              each.seed(),
              times(each.faults()),
              times(each.ioctls()),
              times(each.elapsed()),
              stalls));
    }
  }

  private static String times(@Nullable Double ratio) {
    return ratio == null ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
