package dev.faultscope.cli;

import dev.faultscope.policy.PolicySpec;
import dev.faultscope.scenario.PolicyParser;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioException;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import dev.faultscope.timeline.UnkeptRecording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a scenario to its end. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs a scenario (docs/scenario-format.md) and says what it came to.",
    footer = "Exit code: 0; 1 if an expectation failed; 2 for bad usage; 3 for bad input.")
final class RunCommand implements Callable<Integer> {
  /** An expectation of the script failed. */
  static final int FAILED = 1;

  @Mixin private ScenarioOptions scenario = new ScenarioOptions();

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description =
          "Where it runs: simulation, or live on this machine's kernel (default: simulation).")
  private String engine = Scenario.SIMULATION;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of every random number (default: the scenario's).")
  private @Nullable Long seed;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      completionCandidates = PolicyNames.class,
      description =
          "Policy of every handler, instead of the scenario's: ${COMPLETION-CANDIDATES}; with"
              + " settings as in batch:16, batch:before=8,after=7 or '{name: batch, after: 31}'.")
  private @Nullable String policy;

  @Option(
      names = "--recording",
      paramLabel = "NAME=FILE",
      description = "What a recording that the scenario names stands for. May be repeated.")
  private Map<String, Path> recordings = new LinkedHashMap<>();

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Keeps the events in a .fscope file, replaced if it exists.")
  private @Nullable Path record;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    EngineRunner runner =
        EngineRunners.find(engine)
            .orElseThrow(
                () ->
                    usage("no engine is called " + engine + "; there is " + EngineRunners.names()));
    if (record != null && !record.toString().endsWith(".fscope")) {
      throw usage("--record wants a name that ends in .fscope: " + record);
    }
    try {
      Scenario parsed = ScenarioParser.parse(scenario.text(), scenario.set());
      if (!parsed.engines().contains(engine)) {
        throw new UnfitScenarioException(
            "the scenario runs on " + String.join(", ", parsed.engines()) + " only");
      }
      EngineRunner.Request request =
          new EngineRunner.Request(
              parsed,
              seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
              policy == null ? null : policy(),
              new RecordingFiles(recordings));
      RunReport report = run(runner, request);
      print(parsed, report);
      return report.expectations().failed().isEmpty() ? 0 : FAILED;
    } catch (ScenarioException e) {
      Output.of(spec).tell("faultscope: " + scenario.file() + ": " + e.getMessage());
    } catch (UnfitScenarioException e) {
      Output.of(spec).tell("faultscope: " + scenario.file() + ": " + e.getMessage());
    }
    return Problems.INPUT;
  }

  private PolicySpec policy() {
    try {
      return PolicyParser.parse(String.valueOf(policy));
    } catch (ScenarioException e) {
      throw usage("--policy: " + e.problem());
    }
  }

  private RunReport run(EngineRunner runner, EngineRunner.Request request) throws IOException {
    if (record == null) {
      return runner.run(request, new UnkeptRecording());
    }
    TimelineInfo info = new TimelineInfo(request.scenario().title(), engine, 0);
    try (RecordingFile recording = RecordingFile.create(record, info)) {
      RunReport report = runner.run(request, recording);
      recording.complete();
      recording.timeline().close();
      return report;
    }
  }

  private void print(Scenario parsed, RunReport report) {
    Output output = Output.of(spec);
    if (json) {
      spec.commandLine().getOut().print(RunSummary.json(report));
      spec.commandLine().getOut().flush();
      return;
    }
    output.say(new RunSummary(parsed, report).text().stripTrailing());
    if (record != null) {
      output.say(String.format("%-22s %s", "recording", record));
    }
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }
}
