package dev.faultscope.cli;

import dev.faultscope.live.handler.Placement;
import dev.faultscope.timeline.bench.TimelineBenchmark;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    description =
        "Measures importing, simulating, live handling, timelines or tables of faults here.")
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--folder",
      description = "Where temporary files go (default: the system's temporary folder).")
  private Path folder = Path.of(System.getProperty("java.io.tmpdir"));

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "name what to measure: import, simulation, cost-model, live, timeline or faults");
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

  /** Our handler of a real userfaultfd beside one in C. */
  @Command(
      name = "live",
      mixinStandardHelpOptions = true,
      description = "Pages a second of real guests, served by a handler in C and by ours in turn.")
  void live(
      @Option(
              names = "--mib",
              defaultValue = "64",
              description = "Size of each guest's memory (default: ${DEFAULT-VALUE}).")
          int mib,
      @Option(
              names = "--rounds",
              defaultValue = "5",
              description = "How often, beside one to warm up (default: ${DEFAULT-VALUE}).")
          int rounds,
      @Option(
              names = "--setups",
              split = ",",
              description = "Guests: ${COMPLETION-CANDIDATES}; default all.")
          LiveBenchmark.Setup @Nullable [] setups,
      @Option(
              names = "--placements",
              split = ",",
              description = "The handler's CPU: SAME as the guest's, APART, FREE; default all.")
          Placement @Nullable [] placements,
      @Option(
              names = "--handlers",
              split = ",",
              description = "Handlers: ${COMPLETION-CANDIDATES}; default all.")
          LiveBenchmark.Handler @Nullable [] handlers,
      @Option(
              names = "--c-source",
              defaultValue = "src/bench/c/uffd_handler.c",
              description = "The C handler (default: ${DEFAULT-VALUE}).")
          Path source)
      throws IOException {
    if (mib < 1 || mib > 4096 || rounds < 1 || rounds > 100) {
      throw new ParameterException(spec.commandLine(), "--mib is 1 to 4096 and --rounds 1 to 100");
    }
    new LiveBenchmark(folder, mib, rounds, spec.commandLine().getOut()::println)
        .run(
            source,
            chosen(setups, LiveBenchmark.Setup.values()),
            chosen(placements, Placement.SAME, Placement.APART, Placement.FREE),
            chosen(handlers, LiveBenchmark.Handler.values()));
  }

  @SafeVarargs
  private static <T> List<T> chosen(T @Nullable [] asked, T... all) {
    return List.of(asked == null ? all : asked);
  }

  /** Faults a second of the simulated kernel. */
  @Command(
      name = "simulation",
      mixinStandardHelpOptions = true,
      description = "Simulated faults a second, recorded in full, beside plainly appending events.")
  void simulation(
      @Option(
              names = "--pages",
              defaultValue = "1048576",
              description = "Pages to fault in (default: ${DEFAULT-VALUE}).")
          int pages,
      @Option(
              names = "--rounds",
              defaultValue = "4",
              description = "How often; the first warm up (default: ${DEFAULT-VALUE}).")
          int rounds)
      throws IOException {
    if (pages < 64 || pages > 1 << 22 || rounds < 1 || rounds > 100) {
      throw new ParameterException(
          spec.commandLine(), "--pages is 64 to 4194304 and --rounds 1 to 100");
    }
    new SimulationBenchmark(folder, pages, rounds, spec.commandLine().getOut()::println).run();
  }

  /** Published throughput beside what the cost model makes of it. */
  @Command(
      name = "cost-model",
      mixinStandardHelpOptions = true,
      description = "Simulated beside published throughput of userfaultfd and KVM Userfault.")
  void costModel() {
    new CostModelBenchmark(spec.commandLine().getOut()::println).run();
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

  /** Sorting and summing all faults of a recording. */
  @Command(
      name = "faults",
      mixinStandardHelpOptions = true,
      description = "How long sorting and summing all faults takes, beside reading every event.")
  void faults(
      @Option(
              names = "--faults",
              defaultValue = "10000000",
              description = "Faults of the recording (default: ${DEFAULT-VALUE}).")
          int faults,
      @Option(
              names = "--rounds",
              defaultValue = "3",
              description = "How often; the best counts (default: ${DEFAULT-VALUE}).")
          int rounds)
      throws IOException {
    if (faults < 1000 || faults > 100_000_000 || rounds < 1 || rounds > 100) {
      throw new ParameterException(
          spec.commandLine(), "--faults is 1000 to 100000000 and --rounds 1 to 100");
    }
    new FaultsBenchmark(folder, faults, rounds, spec.commandLine().getOut()::println).run();
  }
}
