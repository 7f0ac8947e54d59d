package dev.faultscope.cli;

import dev.faultscope.session.query.FirstTouches;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists pages in the order in which they were first touched: what the order layer paints. */
@Command(
    name = "touches",
    mixinStandardHelpOptions = true,
    description =
        "Lists the pages of a recording in the order in which they were first touched, as far as it"
            + " tells of accesses.")
final class TouchesCommand implements Callable<Integer> {
  @Mixin private RecordingArgument recording = new RecordingArgument();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Rows to print, at least 0 (default: ${DEFAULT-VALUE}); all are counted.")
  private int limit = 20;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * What {@code --json} prints.
   *
   * @param pages that were touched
   */
  record Report(long pages, List<Row> touches) {}

  /**
   * Consecutive pages that one event was the first to touch.
   *
   * @param order of the first of them, from 1
   */
  record Row(long order, long seq, long timeNs, String region, long page, int pages) {}

  @Override
  public Integer call() throws IOException, TraceException {
    if (limit < 0) {
      throw new ParameterException(spec.commandLine(), "--limit is at least 0, not " + limit);
    }
    try (InputOptions.Opened opened = recording.open()) {
      Report report = report(opened.timeline());
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

  private Report report(Timeline timeline) {
    FirstTouches.Seen seen = new FirstTouches.Seen();
    List<Row> rows = new ArrayList<>();
    long pages = 0;
    FirstTouches some = FirstTouches.of(timeline, 1, seen, FirstTouches.MAX_TOUCHES);
    while (true) {
      for (FirstTouches.Touch touch : some.touches()) {
        if (rows.size() < limit) {
          rows.add(
              new Row(
                  pages + 1,
                  touch.seq(),
                  timeline.event(touch.seq()).timeNs(),
                  timeline.regions().get(touch.region()).name(),
                  touch.page(),
                  touch.pages()));
        }
        pages += touch.pages();
      }
      if (some.complete()) {
        return new Report(pages, rows);
      }
      some = FirstTouches.of(timeline, some.next(), seen, FirstTouches.MAX_TOUCHES);
    }
  }

  private static void print(Report report, Output output) {
    String row = "%10s %10s %15s  %-20s %s";
    output.say("pages touched: %d".formatted(report.pages()));
    if (!report.touches().isEmpty()) {
      output.say(row.formatted("order", "event", "ns", "region", "pages"));
    }
    for (Row each : report.touches()) {
      long last = each.page() + each.pages() - 1;
      output.say(
          row.formatted(
              each.order(),
              each.seq(),
              each.timeNs(),
              each.region(),
              "0x%x%s".formatted(each.page(), each.pages() == 1 ? "" : "..0x%x".formatted(last))));
    }
  }
}
