package dev.faultscope.cli;

import dev.faultscope.timeline.Statistics;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a recording adds up to. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = "Counts the faults, pages, ioctls and waiting times of a recording.")
final class StatsCommand implements Callable<Integer> {
  @Mixin private RecordingArgument recording = new RecordingArgument();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, TraceException {
    try (InputOptions.Opened opened = recording.open()) {
      StatsReport report =
          new StatsReport(
              opened.timeline().info(),
              opened.timeline().kernel(),
              Statistics.of(opened.timeline()),
              opened.lost(),
              opened.report());
      spec.commandLine().getOut().print(json ? report.json() : report.text());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
