package dev.faultscope.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.faultscope.policy.Policies;
import dev.faultscope.policy.PolicyType;
import dev.faultscope.simulation.Simulation;
import dev.faultscope.simulation.SimulationOptions;
import dev.faultscope.simulation.kernel.SimulationStoppedException;
import dev.faultscope.timeline.UnkeptRecording;
import dev.faultscope.workload.WorkloadType;
import dev.faultscope.workload.Workloads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Extreme numbers in every field of every step and section: each is refused with its place, or what
 * it asks for is answered with a bounded amount of work. Which fields there are is asked of the
 * parser, which names them where it refuses one that nobody knows.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NumbersTest {
  private static final String UNKNOWN = "no-such-field";
  private static final Pattern FIELDS = Pattern.compile("has no \"" + UNKNOWN + "\"; it has (.*)");
  private static final Pattern MISSING = Pattern.compile("\"([a-z-]+)\" is missing");

  /** More than any of these scenarios has need of, and less than a second's. */
  private static final int MOST_LOOKS = 5_000;

  private static final List<Long> EXTREMES =
      List.of(
          0L,
          1L,
          -1L,
          255L,
          4095L,
          4096L,
          -4096L,
          (1L << 31) - 1,
          1L << 31,
          1L << 32,
          1L << 47,
          (1L << 51) - 1,
          1L << 52,
          1L << 62,
          -(1L << 62),
          Long.MAX_VALUE - 4095,
          Long.MAX_VALUE - 1,
          Long.MAX_VALUE);

  private static final List<Long> WORST = List.of(-1L, 1L << 47, 1L << 62, Long.MAX_VALUE);

  /** How a number can be written: alone, in a place, as a time. */
  private static final List<Function<Long, String>> FORMS =
      List.of(
          n -> "" + n,
          n -> "ram[" + n + "]",
          n -> "ram[1]+" + n,
          n -> "g[" + n + "]",
          n -> n + "ns",
          n -> n + "s");

  private static final String BASE =
      """
      title: t
      kernel: {guest-memfd: shmem-like}
      memory:
        ram: {backing: memfd, pages: 8}
        a: {backing: anon, pages: 8}
        g: {backing: guest_memfd, pages: 8}
      uffds:
        u: {features: [EVENT_REMOVE, EVENT_UNMAP, EVENT_REMAP, EVENT_FORK], register: {a: [MISSING]}}
      kvm: {slots: {s: {memory: g, guest-memfd: true}}}
      threads: {t: {}}
      vcpus: {v: {}}
      handlers: {h: {uffd: u}}
      """;

  /** What a field may want: one of them is right for whatever has no default. */
  private static final List<String> CANDIDATES =
      List.of(
          "1",
          "ram",
          "ram[0]",
          "g[0]",
          "u",
          "t",
          "v",
          "s",
          "h",
          "1us",
          "new",
          "DONTNEED",
          "kvmclock",
          "steal-time",
          "kvm-userfault",
          "sequential",
          "anon",
          "on-demand",
          "{}",
          "nvme",
          "read",
          "true");

  @Test
  void everyNumberOfEveryStepIsRefusedWithItsPlaceOrAnswered() {
    Set<String> actions = actions();
    assertThat(actions).contains("fallocate", "copy", "guest", "wait").hasSizeGreaterThan(40);
    AtomicInteger answered = new AtomicInteger();
    for (String action : actions) {
      Map<String, String> required = new LinkedHashMap<>();
      Set<String> fields = fieldsOf(action, required);
      for (String field : fields) {
        for (String value : values(EXTREMES)) {
          Map<String, String> arguments = new LinkedHashMap<>(required);
          arguments.put(field, value);
          answered.addAndGet(
              tryOut(BASE + "steps: [" + step(action, arguments) + "]\n", Map.of()) ? 1 : 0);
        }
      }
    }
    assertThat(answered.get()).isGreaterThan(actions.size() * EXTREMES.size());
  }

  @Test
  void twoNumbersOfAStepCannotConspire() {
    for (String action : actions()) {
      Map<String, String> required = new LinkedHashMap<>();
      Map<String, List<String>> accepted = new LinkedHashMap<>();
      for (String field : fieldsOf(action, required)) {
        accepted.put(field, accepted(action, required, field));
      }
      for (String one : accepted.keySet()) {
        for (String other : accepted.keySet()) {
          if (one.compareTo(other) < 0) {
            tryPairs(action, required, one, accepted.get(one), other, accepted.get(other));
          }
        }
      }
    }
  }

  /** The step twice: what the first leaves must not be too much for the second. */
  private static void tryPairs(
      String action,
      Map<String, String> required,
      String one,
      List<String> ofOne,
      String other,
      List<String> ofOther) {
    for (String first : ofOne) {
      for (String second : ofOther) {
        Map<String, String> arguments = new LinkedHashMap<>(required);
        arguments.put(one, first);
        arguments.put(other, second);
        String step = step(action, arguments);
        tryOut(BASE + "steps: [" + step + ", " + step + "]\n", Map.of());
      }
    }
  }

  @Test
  void everyNumberOfEverySectionIsRefusedOrItsRunHasBoundedSteps() {
    assertThat(fields(BASE, ""))
        .as("a new section needs its paths here")
        .containsExactlyInAnyOrder(
            "title",
            "about",
            "group",
            "beside",
            "engines",
            "seed",
            "kernel",
            "memory",
            "uffds",
            "kvm",
            "vcpus",
            "threads",
            "handlers",
            "costs",
            "steps");
    int answered = 0;
    for (Section section : sections()) {
      for (String field : fields(section.text(), section.path())) {
        String key = section.path().isEmpty() ? field : section.path() + "." + field;
        for (String value : values(EXTREMES)) {
          answered += tryOut(section.text(), Map.of(key, value)) ? 1 : 0;
        }
      }
    }
    assertThat(answered).isGreaterThan(200);
  }

  /** A mapping of a scenario, by the path of names to it. */
  private record Section(String path, String text) {}

  private static List<Section> sections() {
    List<Section> all = new ArrayList<>();
    for (String path :
        List.of(
            "",
            "kernel",
            "memory.ram",
            "memory.a",
            "memory.g",
            "uffds.u",
            "kvm",
            "kvm.slots.s",
            "threads.t",
            "vcpus.v",
            "handlers.h",
            "costs")) {
      all.add(new Section(path, BASE));
    }
    for (WorkloadType kind : Workloads.all()) {
      String workload = "{kind: " + kind.name() + (kind.needsRecording() ? ", recording: x" : "");
      all.add(
          new Section(
              "threads.t.workload",
              BASE.replace("{t: {}}", "{t: {workload: " + workload + ", memory: a}}}")));
      all.add(
          new Section(
              "vcpus.v.workload",
              BASE.replace("{v: {}}", "{v: {workload: " + workload + ", memory: g}}}")));
    }
    for (PolicyType kind : Policies.all()) {
      all.add(
          new Section(
              "handlers.h.policy", timed("{uffd: u, policy: {name: " + kind.name() + "}}")));
    }
    for (SourceKind kind : SourceKind.values()) {
      all.add(
          new Section("handlers.h.source", timed("{uffd: u, source: {kind: " + kind.key() + "}}")));
    }
    all.add(new Section("costs", timed("{uffd: u}")));
    return all;
  }

  private static String timed(String handler) {
    return BASE.replace("{uffd: u}", handler)
        .replace("{t: {}}", "{t: {workload: {kind: random, memory: a}}}");
  }

  private static List<String> values(List<Long> numbers) {
    return FORMS.stream().flatMap(form -> numbers.stream().map(form)).toList();
  }

  private static List<String> accepted(String action, Map<String, String> required, String field) {
    return values(WORST).stream()
        .filter(
            value -> {
              Map<String, String> arguments = new LinkedHashMap<>(required);
              arguments.put(field, value);
              return refusal(BASE + "steps: [" + step(action, arguments) + "]\n", Map.of()) == null;
            })
        .toList();
  }

  private static Set<String> actions() {
    String said = String.valueOf(refusal(BASE + "steps: [{" + UNKNOWN + ": {}}]\n", Map.of()));
    Matcher names = Pattern.compile("there is (.*), repeat").matcher(said);
    assertThat(names.find()).as(said).isTrue();
    return new LinkedHashSet<>(Arrays.asList(names.group(1).split(", ")));
  }

  /** Finds what a step must have by what the parser misses, then what it may have. */
  private static Set<String> fieldsOf(String action, Map<String, String> required) {
    for (int i = 0; i < 10; i++) {
      Map<String, String> arguments = new LinkedHashMap<>(required);
      arguments.put(UNKNOWN, "1");
      String said =
          String.valueOf(refusal(BASE + "steps: [" + step(action, arguments) + "]\n", Map.of()));
      Matcher all = FIELDS.matcher(said);
      if (all.find()) {
        return new LinkedHashSet<>(Arrays.asList(all.group(1).split(", ")));
      }
      Matcher missing = MISSING.matcher(said);
      String field = missing.find() ? missing.group(1) : "at";
      required.put(field, candidate(action, required, field, said));
    }
    return fail("what must " + action + " have? " + required);
  }

  private static String candidate(
      String action, Map<String, String> required, String field, String before) {
    for (String each : CANDIDATES) {
      Map<String, String> arguments = new LinkedHashMap<>(required);
      arguments.put(field, each);
      arguments.put(UNKNOWN, "1");
      String said =
          String.valueOf(refusal(BASE + "steps: [" + step(action, arguments) + "]\n", Map.of()));
      boolean further =
          FIELDS.matcher(said).find()
              || (!said.equals(before)
                  && (MISSING.matcher(said).find() || said.startsWith("say where")));
      if (further) {
        return each;
      }
    }
    return fail("nothing is right for " + field + " of " + action + ": " + before);
  }

  private static String step(String action, Map<String, String> arguments) {
    StringBuilder text = new StringBuilder("{" + action + ": {");
    arguments.forEach(
        (name, value) ->
            text.append(text.toString().endsWith("{") ? "" : ", ")
                .append(name)
                .append(": ")
                .append(quoted(value)));
    return text + "}}";
  }

  private static String quoted(String value) {
    return value.startsWith("{") ? value : "\"" + value + "\"";
  }

  private static Set<String> fields(String text, String path) {
    String key = path.isEmpty() ? UNKNOWN : path + "." + UNKNOWN;
    String said = String.valueOf(refusal(text, Map.of(key, "1")));
    Matcher all = FIELDS.matcher(said);
    assertThat(all.find()).as(path + ": " + said).isTrue();
    return new LinkedHashSet<>(Arrays.asList(all.group(1).split(", ")));
  }

  /** {@return why a text is refused, null where it is not} */
  private static @Nullable String refusal(String text, Map<String, String> set) {
    try {
      ScenarioParser.parse(text, set);
      return null;
    } catch (ScenarioException e) {
      assertThat(e.line()).as(text).isPositive();
      assertThat(e.column()).as(text).isPositive();
      return e.problem();
    }
  }

  /** {@return whether it was accepted; it then ends} */
  private static boolean tryOut(String text, Map<String, String> set) {
    Scenario scenario;
    try {
      scenario = ScenarioParser.parse(text, set);
    } catch (ScenarioException e) {
      assertThat(e.line()).as(text).isPositive();
      assertThat(e.column()).as(text).isPositive();
      return false;
    }
    AtomicInteger looks = new AtomicInteger();
    try {
      SimulationOptions options =
          SimulationOptions.NONE.stoppedBy(() -> looks.incrementAndGet() > MOST_LOOKS);
      Simulation simulation = Simulation.start(scenario, options, new UnkeptRecording());
      for (int i = 0; i < 200 && simulation.advance(); i++) {
        // What comes of it is nobody's business here.
      }
    } catch (SimulationStoppedException e) {
      fail("no end of " + text + set, e);
    } catch (IllegalArgumentException | IllegalStateException e) {
      assertThat(e).as(text).hasMessageMatching("(?s).*\\w.*");
    } catch (RuntimeException e) {
      fail(text + set, e);
    }
    return true;
  }
}
