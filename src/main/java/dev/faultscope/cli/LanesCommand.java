package dev.faultscope.cli;

import dev.faultscope.model.Actor;
import dev.faultscope.session.query.LaneShares;
import dev.faultscope.session.query.Lanes;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says how each thread's time was shared out: the numbers that the lanes are painted from. */
@Command(
    name = "lanes",
    mixinStandardHelpOptions = true,
    description =
        "Says how the time of each thread was shared out between running, waiting for faults,"
            + " handling them, sleeping, waiting for the kernel and, of a vCPU, its VMM; how many"
            + " faults waited, came and were answered.")
final class LanesCommand implements Callable<Integer> {
  @Mixin private RecordingArgument recording = new RecordingArgument();

  @Option(
      names = "--columns",
      paramLabel = "N",
      description = "Equal parts of the recording's time, 1 to " + Lanes.MAX_PX + " (default: 1).")
  private int columns = 1;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** What {@code --json} prints. */
  record Report(
      long durationNs, int columns, List<LaneReport> lanes, QueueReport queue, RateReport rates) {}

  /** Shares of each column, which add up to 1. */
  record LaneReport(
      String name,
      List<Double> running,
      List<Double> blocked,
      List<Double> handling,
      List<Double> idle,
      List<Double> kernel,
      List<Double> vmm,
      List<Double> unknown) {}

  /** Faults that waited in each column. */
  record QueueReport(List<Double> mean, List<Integer> max) {}

  /** What happened in each column, and that by the second; 0 in a column of no time. */
  record RateReport(
      List<Long> faults,
      List<Long> pages,
      List<Double> faultsPerSecond,
      List<Double> pagesPerSecond) {}

  @Override
  public Integer call() throws IOException, TraceException {
    if (columns < 1 || columns > Lanes.MAX_PX) {
      throw new ParameterException(
          spec.commandLine(), "--columns is 1 to " + Lanes.MAX_PX + ", not " + columns);
    }
    try (InputOptions.Opened opened = recording.open()) {
      Timeline timeline = opened.timeline();
      // Of an empty recording, nothing is known of a time that is none.
      LaneShares shares = LaneShares.of(timeline, 0, Math.max(1, timeline.endNs()), columns);
      Report report = report(timeline, shares);
      Output output = Output.of(spec);
      opened.tellWhatIsMissing(output);
      if (json) {
        output.say(Output.json(report));
      } else {
        print(report, output);
      }
    }
    return 0;
  }

  private static Report report(Timeline timeline, LaneShares shares) {
    List<LaneReport> lanes = new ArrayList<>();
    for (LaneShares.OfActor each : shares.actors()) {
      Actor actor = timeline.actors().get(each.actor());
      lanes.add(
          new LaneReport(
              actor.label(),
              shares(shares, each.running()),
              shares(shares, each.blocked()),
              shares(shares, each.handling()),
              shares(shares, each.idle()),
              shares(shares, each.kernel()),
              shares(shares, each.vmm()),
              IntStream.range(0, shares.columns())
                  .mapToObj(
                      column ->
                          shares.widthNs(column) == 0
                              ? 1
                              : share(
                                  shares.widthNs(column) - each.known(column),
                                  shares.widthNs(column)))
                  .toList()));
    }
    return new Report(
        timeline.endNs(),
        shares.columns(),
        lanes,
        new QueueReport(shares.queue().mean(), shares.queue().max()),
        new RateReport(
            shares.counts().faults(),
            shares.counts().pages(),
            perSecond(shares, shares.counts().faults()),
            perSecond(shares, shares.counts().pages())));
  }

  private static List<Double> perSecond(LaneShares shares, List<Long> counts) {
    return IntStream.range(0, shares.columns())
        .mapToObj(
            column -> {
              long width = shares.widthNs(column);
              return width == 0 ? 0 : counts.get(column) * 1e9 / width;
            })
        .toList();
  }

  private static List<Double> shares(LaneShares shares, List<Long> ns) {
    return IntStream.range(0, shares.columns())
        .mapToObj(column -> share(ns.get(column), shares.widthNs(column)))
        .toList();
  }

  private static double share(long ns, long width) {
    return width == 0 ? 0 : (double) ns / width;
  }

  /** A line a thread and column; the columns of one thread stand below each other. */
  private static void print(Report report, Output output) {
    // Of a guest whose faults are those of a userfaultfd alone, there is nothing to say of these.
    boolean nested =
        report.lanes().stream()
            .flatMap(lane -> Stream.concat(lane.kernel().stream(), lane.vmm().stream()))
            .anyMatch(share -> share > 0);
    String row = "%-20s %9s %9s %9s %9s %9s" + (nested ? " %9s %9s" : "%s%s") + " %9s";
    output.say(
        row.formatted(
            "thread",
            "column",
            "running",
            "blocked",
            "handling",
            "idle",
            nested ? "kernel" : "",
            nested ? "VMM" : "",
            "unknown"));
    for (LaneReport lane : report.lanes()) {
      for (int column = 0; column < report.columns(); column++) {
        output.say(
            row.formatted(
                column == 0 ? lane.name() : "",
                column + 1,
                percent(lane.running().get(column)),
                percent(lane.blocked().get(column)),
                percent(lane.handling().get(column)),
                percent(lane.idle().get(column)),
                nested ? percent(lane.kernel().get(column)) : "",
                nested ? percent(lane.vmm().get(column)) : "",
                percent(lane.unknown().get(column))));
      }
    }
    output.say("%-20s %9s %9s %9s".formatted("queue", "column", "mean", "most"));
    for (int column = 0; column < report.columns(); column++) {
      output.say(
          "%-20s %9d %9s %9d"
              .formatted(
                  "",
                  column + 1,
                  String.format(Locale.ROOT, "%.3f", report.queue().mean().get(column)),
                  report.queue().max().get(column)));
    }
    output.say(
        "%-20s %9s %12s %12s %12s %12s"
            .formatted("rates", "column", "faults", "faults/s", "pages", "pages/s"));
    RateReport rates = report.rates();
    for (int column = 0; column < report.columns(); column++) {
      output.say(
          "%-20s %9d %12d %12s %12d %12s"
              .formatted(
                  "",
                  column + 1,
                  rates.faults().get(column),
                  String.format(Locale.ROOT, "%.1f", rates.faultsPerSecond().get(column)),
                  rates.pages().get(column),
                  String.format(Locale.ROOT, "%.1f", rates.pagesPerSecond().get(column))));
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", share * 100);
  }
}
