package dev.faultscope.cli;

import dev.faultscope.live.engine.LiveEngine;
import dev.faultscope.live.engine.ScriptProcess;
import dev.faultscope.live.handler.NoRecorder;
import dev.faultscope.scenario.conform.Conformance;
import dev.faultscope.scenario.conform.Divergence;
import dev.faultscope.simulation.SimulatedEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code conform}: random scripts on the simulated kernel and on the one that runs here. */
@Command(
    name = "conform",
    mixinStandardHelpOptions = true,
    description = {
      "Plays random scripts on the simulated kernel and on this machine's, and compares all that is"
          + " seen.",
      "A difference is printed as the smallest script found that shows it; ends with 1 then."
    })
final class ConformCommand implements Callable<Integer> {
  /** More would only say the same again. */
  private static final int MOST_DIFFERENCES = 10;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--seed", description = "Seed of the first script; default ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(names = "--scripts", description = "How many; default ${DEFAULT-VALUE}.")
  private int scripts = 200;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Output out = Output.of(spec);
    Optional<String> unavailable = LiveEngine.whyUnavailable();
    if (unavailable.isPresent()) {
      out.tell("Scripts cannot be played on this kernel: " + unavailable.get());
      return 3;
    }
    if (scripts < 1) {
      out.tell("--scripts is at least 1");
      return 2;
    }
    Map<Long, Divergence> found = new LinkedHashMap<>();
    long next = seed;
    try (ScriptProcess machine = new ScriptProcess()) {
      Conformance conformance =
          new Conformance(
              () -> new SimulatedEngine(new NoRecorder()), () -> new LiveEngine(machine));
      for (; next - seed < scripts && found.size() < MOST_DIFFERENCES; next++) {
        long one = next;
        conformance.tryOne(one).ifPresent(difference -> found.put(one, difference));
      }
    } catch (IllegalStateException failure) {
      out.tell("Seed " + next + " cannot be played: " + failure.getMessage());
      return 3;
    }
    out.say(json ? toJson(next - seed, found) : toText(next - seed, found));
    return found.isEmpty() ? 0 : 1;
  }

  private static String toText(long played, Map<Long, Divergence> found) {
    StringBuilder text = new StringBuilder();
    found.forEach(
        (seed, difference) ->
            text.append("Seed %d: %s%n".formatted(seed, difference.step()))
                .append("  simulated kernel  %s%n".formatted(difference.model()))
                .append("  this kernel       %s%n%n".formatted(difference.real()))
                .append(difference.yaml())
                .append('\n'));
    return text
        + "%d scripts, %d %s%s"
            .formatted(
                played,
                found.size(),
                found.size() == 1 ? "difference" : "differences",
                found.size() == MOST_DIFFERENCES ? "; stopped there" : "");
  }

  private String toJson(long played, Map<Long, Divergence> found) {
    List<Map<String, Object>> differences = new ArrayList<>();
    found.forEach(
        (each, difference) -> {
          Map<String, Object> fields = new LinkedHashMap<>();
          fields.put("seed", each);
          fields.put("step", difference.step());
          fields.put("simulation", difference.model());
          fields.put("live", difference.real());
          fields.put("script", difference.yaml());
          differences.add(fields);
        });
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("seed", seed);
    fields.put("scripts", played);
    fields.put("differences", differences);
    return JsonMapper.shared().writeValueAsString(fields);
  }
}
