package dev.faultscope.cli;

import dev.faultscope.session.query.FaultHeatmap;
import dev.faultscope.session.query.FaultHeatmap.AddressRow;
import dev.faultscope.session.query.FaultHeatmap.LatencyRow;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Counts the faults of a recording by time and latency or address: what a heatmap is painted of.
 */
@Command(
    name = "heatmap",
    mixinStandardHelpOptions = true,
    description =
        "Counts the faults of a recording in cells of time and latency, by powers of two of a"
            + " microsecond, or of time and address.")
final class HeatmapCommand implements Callable<Integer> {
  private static final String MARKS = "▁▂▃▄▅▆▇█";

  @Mixin private RecordingArgument recording = new RecordingArgument();

  @Option(
      names = "--of",
      paramLabel = "WHAT",
      description =
          "latency (default): a fault is where it was woken, one that was not is apart; address: a"
              + " fault is where it was queued.")
  private String of = FaultHeatmap.Of.LATENCY.id();

  @Option(
      names = "--columns",
      paramLabel = "N",
      description =
          "Equal parts of the recording's time, 1 to "
              + FaultHeatmap.MAX_COLUMNS
              + " (default: ${DEFAULT-VALUE}).")
  private int columns = 60;

  @Option(
      names = "--rows",
      paramLabel = "M",
      description =
          "Most rows of addresses, 1 to "
              + FaultHeatmap.MAX_ROWS
              + " (default: ${DEFAULT-VALUE}); latencies have a row for each power of two.")
  private int rows = 16;

  @Mixin private WhereOption where = new WhereOption();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, TraceException {
    FaultHeatmap.Of rowsOf = Choosing.named(spec, FaultHeatmap.Of::named, of);
    require("--columns", columns, FaultHeatmap.MAX_COLUMNS);
    require("--rows", rows, FaultHeatmap.MAX_ROWS);
    Output output = Output.of(spec);
    try (InputOptions.Opened opened = recording.open()) {
      opened.tellWhatIsMissing(output);
      Timeline timeline = opened.timeline();
      // The last event is in the window.
      FaultHeatmap heatmap =
          FaultHeatmap.of(
              timeline, rowsOf, where.on(timeline), 0, timeline.endNs() + 1, columns, rows);
      if (json) {
        output.say(Output.json(heatmap));
      } else {
        print(heatmap, output);
      }
    }
    return 0;
  }

  private void require(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new ParameterException(
          spec.commandLine(), "%s is 1 to %d, not %d".formatted(option, most, value));
    }
  }

  /** The highest row first, as it is painted. */
  private static void print(FaultHeatmap heatmap, Output output) {
    output.say(
        String.format(
            Locale.ROOT,
            "%,d faults%s in %,d ns; %s is at most %,d faults, a cell has %.3g on average",
            heatmap.faults(),
            heatmap.unread() == 0
                ? ""
                : String.format(Locale.ROOT, ", %,d of them unread,", heatmap.unread()),
            heatmap.toNs() - heatmap.fromNs(),
            MARKS.substring(MARKS.length() - 1),
            heatmap.peak(),
            heatmap.mean()));
    for (FaultHeatmap.Row row : heatmap.rows().reversed()) {
      print(name(row), row.faults(), heatmap.peak(), output);
    }
    if (heatmap.unknown().stream().anyMatch(faults -> faults > 0)) {
      print(
          heatmap.of().equals(FaultHeatmap.Of.LATENCY.id()) ? "not woken" : "page not told",
          heatmap.unknown(),
          heatmap.unknown().stream().mapToLong(faults -> faults).max().orElse(0),
          output);
    }
  }

  private static void print(String name, List<Long> cells, long peak, Output output) {
    StringBuilder marks = new StringBuilder();
    for (long faults : cells) {
      marks.append(
          faults == 0 ? '·' : MARKS.charAt((int) Math.ceilDiv(faults * MARKS.length(), peak) - 1));
    }
    long sum = cells.stream().mapToLong(faults -> faults).sum();
    output.say(String.format(Locale.ROOT, "%-36s %,12d  %s", name, sum, marks));
  }

  private static String name(FaultHeatmap.Row row) {
    return switch (row) {
      case LatencyRow latency ->
          String.format(Locale.ROOT, "%,d to %,d ns", latency.fromNs(), latency.toNs());
      case AddressRow address ->
          address.region() == null
              ? "(others)"
              : "%s 0x%x..0x%x"
                  .formatted(
                      address.region(),
                      Integer.toUnsignedLong(address.firstPage()),
                      Integer.toUnsignedLong(address.firstPage()) + address.pages() - 1);
    };
  }
}
