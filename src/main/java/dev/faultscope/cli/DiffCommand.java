package dev.faultscope.cli;

import dev.faultscope.session.query.Alignment;
import dev.faultscope.session.query.Beside;
import dev.faultscope.session.query.Difference;
import dev.faultscope.session.query.PageDifference;
import dev.faultscope.session.query.ToldEvent;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lays two recordings beside each other: the numbers of the page that shows both. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description =
        "Says where two recordings part, what each came to with the ratios, and how both stand at"
            + " one position: their moments, and the pages whose states differ.")
final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "LEFT", description = "A recording.")
  private Path left = Path.of("");

  @Parameters(index = "1", paramLabel = "RIGHT", description = "The recording beside it.")
  private Path right = Path.of("");

  @Mixin private InputOptions input = new InputOptions();

  @Option(
      names = "--align",
      paramLabel = "BY",
      description =
          "time (default): nanoseconds since each one's start; fault: faults that were queued;"
              + " pages: pages that ioctls served.")
  private String align = Alignment.TIME.id();

  @Option(
      names = "--at",
      paramLabel = "N",
      description = "The position, at least 0 (default: the end of both).")
  private @Nullable Long at;

  @Option(
      names = "--nth",
      paramLabel = "K",
      description = "By time: of the events at that very time only the first K on each side.")
  private @Nullable Long nth;

  @Option(names = "--json", description = "Print one JSON object (docs/wire-protocol.md).")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** What {@code --json} prints. */
  record Report(Difference difference, Beside beside) {}

  @Override
  public Integer call() throws IOException, TraceException {
    Alignment by = Choosing.named(spec, Alignment::named, align);
    if (at != null && at < 0) {
      throw new ParameterException(spec.commandLine(), "--at is at least 0, not " + at);
    }
    if (nth != null && (nth < 0 || at == null)) {
      throw new ParameterException(
          spec.commandLine(), "--nth is at least 0 and goes with --at, not " + nth);
    }
    Output output = Output.of(spec);
    try (InputOptions.Opened one = input.open(left);
        InputOptions.Opened other = input.open(right)) {
      one.tellWhatIsMissing(output);
      other.tellWhatIsMissing(output);
      Report report = report(one.timeline(), other.timeline(), by);
      if (json) {
        output.say(Output.json(report));
      } else {
        print(report, output);
      }
    }
    return 0;
  }

  private Report report(Timeline one, Timeline other, Alignment by) {
    long position = at == null ? Beside.endOf(one, other, by) : at;
    return new Report(
        Difference.of(one, other), Beside.of(one, other, by, new Beside.Place(position, nth)));
  }

  private static void print(Report report, Output output) {
    Difference difference = report.difference();
    output.say(
        "the first %,d events are the same%s"
            .formatted(difference.same(), difference.complete() ? "" : "; more were not compared"));
    next("left", difference.left(), output);
    next("right", difference.right(), output);
    String row = "%-26s %18s %18s %8s";
    output.say(row.formatted("", "left", "right", "ratio"));
    for (Difference.Count each : difference.counts()) {
      output.say(
          row.formatted(
              each.unit().equals("ns") ? each.name() + " ns" : each.name(),
              count(each.left()),
              count(each.right()),
              each.ratio() == null ? "-" : String.format(Locale.ROOT, "%.2f", each.ratio())));
    }
    Beside beside = report.beside();
    output.say("at %,d of %,d by %s:".formatted(beside.at(), beside.end(), beside.align()));
    side("left", beside.left(), output);
    side("right", beside.right(), output);
    pages(beside.pages(), output);
  }

  private static void next(String side, List<ToldEvent> events, Output output) {
    output.say(
        "%-6s %s"
            .formatted(
                side,
                events.isEmpty()
                    ? "nothing more"
                    : "%,d: %s".formatted(events.getFirst().seq(), events.getFirst().text())));
  }

  private static void side(String name, Beside.Side side, Output output) {
    output.say(
        "%-6s moment %,d of %,d, %,d ns%s: %s"
            .formatted(
                name,
                side.seq(),
                side.events(),
                side.timeNs(),
                side.past() ? ", its end, which is before" : "",
                side.narration()));
  }

  private static void pages(PageDifference pages, Output output) {
    for (PageDifference.OfPair each : pages.regions()) {
      output.say(
          "region %s%s: of %,d pages %,d differ, %,d are the same, %,d unknown"
              .formatted(
                  each.leftName(),
                  each.by().equals("name") ? "" : " and " + each.rightName() + " at its place",
                  each.pages(),
                  each.differing(),
                  each.same(),
                  each.unknown()));
    }
    alone("left", pages.leftOnly(), output);
    alone("right", pages.rightOnly(), output);
    for (PageDifference.Page each : pages.differing()) {
      output.say(
          "  page 0x%x of %s: %s | %s"
              .formatted(
                  each.page(),
                  name(pages, each.region()),
                  facts(each.leftFacts()),
                  facts(each.rightFacts())));
    }
  }

  private static String name(PageDifference pages, int region) {
    return pages.regions().stream()
        .filter(each -> each.left() == region)
        .map(PageDifference.OfPair::leftName)
        .findFirst()
        .orElseThrow();
  }

  private static void alone(String side, List<PageDifference.Alone> regions, Output output) {
    for (PageDifference.Alone each : regions) {
      output.say(
          "region %s, %,d pages: only the %s one has it"
              .formatted(each.name(), each.pages(), side));
    }
  }

  private static String facts(List<String> facts) {
    return facts.isEmpty() ? "absent" : String.join(", ", facts);
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
