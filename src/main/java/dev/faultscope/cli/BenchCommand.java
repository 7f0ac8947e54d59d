package dev.faultscope.cli;

import dev.faultscope.timeline.bench.TimelineBenchmark;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures this program on this machine (docs/benchmarks.md). */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures importing or timelines on this machine.")
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--folder",
      description = "Where temporary files go (default: the system's temporary folder).")
  private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name what to measure: import or timeline");
  }

  /** Import rate of raw ftrace text, beside programs that only look for lines and words. */
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = "Rate of importing raw ftrace text, beside wc -l and grep -c.")
  void importing(
      @Parameters(
              arity = "0..1",
              paramLabel = "TRACE",
              description = "Raw ftrace text to repeat (default: a sample recording).")
          @Nullable Path trace,
      @Option(
              names = "--megabytes",
              defaultValue = "300",
              description = "Size of the file to import (default: ${DEFAULT-VALUE}).")
          int megabytes,
      @Option(
              names = "--rounds",
              defaultValue = "5",
              description = "How often; the first warm up (default: ${DEFAULT-VALUE}).")
          int rounds)
      throws IOException, TraceException {
    if (megabytes < 1 || megabytes > 100_000 || rounds < 1 || rounds > 100) {
      throw new ParameterException(
          spec.commandLine(), "--megabytes is 1 to 100000 and --rounds 1 to 100");
    }
    new ImportBenchmark(folder, megabytes, rounds, spec.commandLine().getOut()::println).run(trace);
  }

  /** Append, replay and seek rates of the timeline. */
  @Command(
      name = "timeline",
      mixinStandardHelpOptions = true,
      description = "Append, replay and seek rates of a timeline.")
  void timeline(
      @Option(
              names = "--events",
              defaultValue = "50000000",
              description = "Events to append (default: ${DEFAULT-VALUE}).")
          long events)
      throws IOException {
    if (events < 1000) {
      throw new ParameterException(spec.commandLine(), "--events is at least 1000");
    }
    new TimelineBenchmark(folder, events, spec.commandLine().getOut()::println).run();
  }
}
