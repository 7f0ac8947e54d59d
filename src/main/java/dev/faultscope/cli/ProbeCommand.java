package dev.faultscope.cli;

import dev.faultscope.live.probe.Check;
import dev.faultscope.live.probe.Check.Group;
import dev.faultscope.live.probe.Check.Verdict;
import dev.faultscope.live.probe.Container;
import dev.faultscope.live.probe.Probe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code probe}: what this machine can do, found by trying. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    description = "Tries what this machine can do with userfaultfd, KVM and guest_memfd.")
final class ProbeCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  @Override
  public Integer call() {
    List<Check> checks = Probe.run();
    Output out = Output.of(spec);
    if (json) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Check check : checks) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", check.id());
        row.put("group", check.group().name().toLowerCase(Locale.ROOT));
        row.put("title", check.title());
        row.put("verdict", check.verdict().name().toLowerCase(Locale.ROOT));
        row.put("detail", check.detail());
        row.put("remedy", check.remedy());
        if (!check.modes().isEmpty()) {
          row.put("modes", check.modes());
        }
        rows.add(row);
      }
      out.say(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(rows));
      return 0;
    }
    print(out, checks);
    return 0;
  }

  private static void print(Output out, List<Check> checks) {
    @Nullable Group group = null;
    for (Check check : checks) {
      if (check.group() != group) {
        out.say((group == null ? "" : "\n") + check.group().title());
        group = check.group();
      }
      out.say("%-6s %-32s %s".formatted(word(check.verdict()), check.title(), check.detail()));
      if (!check.remedy().isEmpty()) {
        out.say("%-6s %-32s -> %s".formatted("", "", check.remedy()));
      }
    }
    out.say("\nIn a container");
    for (Container.Option option : Container.options()) {
      out.say("%s%n%39s -> %s".formatted(option.option(), "", option.why()));
    }
  }

  private static String word(Verdict verdict) {
    return switch (verdict) {
      case YES -> "yes";
      case PARTLY -> "partly";
      case NO -> "no";
    };
  }
}
