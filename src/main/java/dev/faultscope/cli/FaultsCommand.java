package dev.faultscope.cli;

import dev.faultscope.model.FaultOrigin;
import dev.faultscope.session.query.FaultGrouping;
import dev.faultscope.session.query.FaultLatency;
import dev.faultscope.session.query.FaultOrder;
import dev.faultscope.session.query.FaultTable;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.WaitPart;
import dev.faultscope.trace.input.TraceException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists the faults of a recording, the slowest or whichever first, and where their time went. */
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    description =
        "Lists the faults of a recording with the four parts of each wait: until its message was"
            + " read, from there to the ioctl, in the ioctl, and from the wake to the next try. Of"
            + " faults between a guest and KVM: until KVM looks at it, to the host page, to the"
            + " entry.")
final class FaultsCommand implements Callable<Integer> {
  private static final int MAX_ROWS = 1_000_000;

  @Mixin private RecordingArgument recording = new RecordingArgument();

  @Option(
      names = "--sort",
      paramLabel = "BY",
      description =
          "time (default), latency, wait, unread, read-to-ioctl, ioctl, wake-to-retry,"
              + " unattributed, thread, page, origin or cause; durations the longest first.")
  private String sort = FaultOrder.TIME.id();

  @Mixin private WhereOption where = new WhereOption();

  @Option(
      names = "--group-by",
      paramLabel = "WHAT",
      description = "Sums as well, by thread, region, kind, origin, handler, ioctl or cause.")
  private @Nullable String groupBy;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Most rows, 0 to 1000000 (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, TraceException {
    FaultOrder order = Choosing.named(spec, FaultOrder::named, sort);
    FaultGrouping grouping =
        groupBy == null ? null : Choosing.named(spec, FaultGrouping::named, groupBy);
    if (limit < 0 || limit > MAX_ROWS) {
      throw new ParameterException(
          spec.commandLine(), "--limit is 0 to " + MAX_ROWS + ", not " + limit);
    }
    Output output = Output.of(spec);
    try (InputOptions.Opened opened = recording.open()) {
      opened.tellWhatIsMissing(output);
      Timeline timeline = opened.timeline();
      FaultTable table = FaultTable.of(timeline, order, where.on(timeline), grouping, limit);
      if (json) {
        output.say(Output.json(report(table, grouping)));
      } else {
        print(table, grouping, output);
      }
    }
    return 0;
  }

  /** Groups are named by what they are grouped by. */
  private static Map<String, Object> report(FaultTable table, @Nullable FaultGrouping grouping) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("origin", table.origin());
    report.put("faults", table.faults());
    report.put("unreadFaults", table.unreadFaults());
    report.put("latency", table.latency());
    report.put("rows", table.rows());
    if (grouping != null) {
      report.put(
          "groups",
          table.groups().stream()
              .map(
                  group -> {
                    Map<String, Object> named = new LinkedHashMap<>();
                    named.put(grouping.id(), group.name());
                    named.put("faults", group.faults());
                    named.put("unreadFaults", group.unreadFaults());
                    named.put("waitNs", group.waitNs());
                    named.put("p50Ns", group.p50Ns());
                    named.put("p99Ns", group.p99Ns());
                    named.put("maxNs", group.maxNs());
                    return named;
                  })
              .toList());
    }
    return report;
  }

  private void print(FaultTable table, @Nullable FaultGrouping grouping, Output output) {
    output.say(
        "%,d faults%s, waits in ns, by %s"
            .formatted(
                table.faults(),
                table.unreadFaults() == 0
                    ? ""
                    : String.format(Locale.ROOT, " and %,d more unread", table.unreadFaults()),
                sort));
    FaultLatency latency = table.latency();
    output.say(
        "from %s: p50 %s, p99 %s, longest %s"
            .formatted(
                WaitPart.LATENCY.word(FaultOrigin.named(table.origin())),
                ns(latency.p50Ns()),
                ns(latency.p99Ns()),
                ns(latency.maxNs())));
    if (FaultOrigin.named(table.origin()) == FaultOrigin.UFFD) {
      printAnswered(table.rows(), output);
    } else {
      printDecided(table, output);
    }
    if (grouping != null) {
      String sums = "%-24s %10s %10s %18s %14s %14s %14s";
      output.say(
          sums.formatted(grouping.id(), "faults", "unread", "wait", "p50", "p99", "longest"));
      for (FaultTable.Group group : table.groups()) {
        output.say(
            sums.formatted(
                group.name(),
                ns(group.faults()),
                ns(group.unreadFaults()),
                ns(group.waitNs()),
                ns(group.p50Ns()),
                ns(group.p99Ns()),
                ns(group.maxNs())));
      }
    }
  }

  private static void printAnswered(List<FaultTable.Row> rows, Output output) {
    String row = "%10s %-16s %-24s %-8s %14s %12s %12s %12s %12s %12s  %s";
    output.say(
        row.formatted(
            "event",
            "thread",
            "page",
            "kind",
            "wait",
            "unread",
            "to ioctl",
            "ioctl",
            "to retry",
            "not known",
            "answer"));
    for (FaultTable.Row each : rows) {
      output.say(
          row.formatted(
              each.seq(),
              each.thread(),
              page(each),
              each.kind(),
              ns(each.waitNs()),
              ns(each.unreadNs()),
              ns(each.readToIoctlNs()),
              ns(each.ioctlNs()),
              ns(each.wakeToRetryNs()),
              ns(each.unattributedNs()),
              each.ioctl() == null
                  ? "?"
                  : each.handler() == null
                      ? each.ioctl()
                      : each.ioctl() + " by " + each.handler()));
    }
  }

  /** Faults that met no userfaultfd: nobody read or answered them, the kernel decided. */
  private static void printDecided(FaultTable table, Output output) {
    FaultOrigin origin = FaultOrigin.named(table.origin());
    String row = "%10s %-16s %-24s %-8s %-6s %12s %20s %18s %14s %12s  %s";
    output.say(
        row.formatted(
            "event",
            "thread",
            "page",
            "origin",
            "access",
            "wait",
            WaitPart.UNREAD.word(origin),
            WaitPart.READ_TO_IOCTL.word(origin),
            WaitPart.IOCTL.word(origin),
            WaitPart.UNATTRIBUTED.word(origin),
            "cause"));
    for (FaultTable.Row each : table.rows()) {
      output.say(
          row.formatted(
              each.seq(),
              each.thread(),
              page(each),
              each.origin(),
              each.write() == null ? "?" : each.write() ? "write" : "read",
              ns(each.waitNs()),
              ns(each.unreadNs()),
              ns(each.readToIoctlNs()),
              ns(each.ioctlNs()),
              ns(each.unattributedNs()),
              each.cause() == null ? "?" : each.cause()));
    }
  }

  private static String page(FaultTable.Row row) {
    return row.page() == null ? "?" : row.region() + " 0x" + Integer.toHexString(row.page());
  }

  private static String ns(@Nullable Long value) {
    return value == null ? "?" : String.format(Locale.ROOT, "%,d", value);
  }
}
