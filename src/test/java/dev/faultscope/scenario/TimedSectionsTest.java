package dev.faultscope.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultscope.settings.Durations;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads with workloads, handlers, costs, and values set from outside. */
class TimedSectionsTest {
  private static final String WHOLE =
      """
      title: t
      memory: {ram: {backing: memfd, pages: 64, fill: pattern}}
      uffds: {u: {register: {ram: [MINOR]}}}
      threads:
        t: {count: 3, workload: {kind: random, writes: 20, think: 2us}}
        idle: {}
      handlers:
        h: {policy: {name: batch, after: 31}, readers: 2, source: {kind: nvme, latency: 0.5ms}}
      costs: {wake: 25us, reader-penalty: 7}
      """;

  @Test
  void everythingIsRead() {
    Scenario scenario = ScenarioParser.parse(WHOLE);

    assertThat(scenario.threads()).containsExactly("t-0", "t-1", "t-2", "idle");
    assertThat(scenario.workloads()).extracting(WorkloadSpec::index).containsExactly(0, 1, 2);
    assertThat(scenario.workloads().getFirst().settings().number("think")).isEqualTo(2_000);
    HandlerSpec handler = scenario.handlers().getFirst();
    assertThat(handler.memory()).containsExactly(new HandlerSpec.Part("ram", 0, 64, 4));
    assertThat(handler.policy().settings().number("before")).isZero();
    assertThat(handler.policy().settings().number("after")).isEqualTo(31);
    assertThat(handler.source().settings().number("latency")).isEqualTo(500_000);
    assertThat(scenario.costs().ns(Cost.WAKE)).isEqualTo(25_000);
    assertThat(scenario.costs().ns(Cost.READ)).isEqualTo(Cost.READ.defaultNs());
    assertThat(scenario.costs().readerPenalty()).isEqualTo(7);
  }

  @Test
  void valuesAreSetFromOutside() {
    Map<String, String> set =
        Map.of(
            "handlers.h.readers", "5",
            "handlers.h.policy.after", "7",
            "handlers.h.source", "network",
            "costs.read", "9us",
            "threads.t.count", "1");
    Scenario scenario = ScenarioParser.parse(WHOLE, set);

    HandlerSpec handler = scenario.handlers().getFirst();
    assertThat(handler.readers()).isEqualTo(5);
    assertThat(handler.policy().type().name()).isEqualTo("batch");
    assertThat(handler.policy().settings().number("after")).isEqualTo(7);
    assertThat(handler.source().kind()).isEqualTo(SourceKind.NETWORK);
    assertThat(scenario.costs().ns(Cost.READ)).isEqualTo(9_000);
    assertThat(scenario.costs().ns(Cost.WAKE)).isEqualTo(25_000);
    assertThat(scenario.threads()).containsExactly("t-0", "idle");
  }

  @Test
  void policyWrittenAsANameAloneTakesSettingsFromOutside() {
    String text = WHOLE.replace("{name: batch, after: 31}", "batch");
    Scenario scenario = ScenarioParser.parse(text, Map.of("handlers.h.policy.before", "3"));

    assertThat(scenario.handlers().getFirst().policy().settings().number("before")).isEqualTo(3);
  }

  @Test
  void unknownValueFromOutsideIsRefusedByName() {
    assertThatThrownBy(() -> ScenarioParser.parse(WHOLE, Map.of("handlers.h.raeders", "5")))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("a handler has no \"raeders\"");
  }

  @Test
  void valueFromOutsideThatIsWrongIsNamedInPlaceOfALine() {
    Map<String, String> set = Map.of("handlers.h.readers", "3", "costs.wake", "soon");
    assertThatThrownBy(() -> ScenarioParser.parse(WHOLE, set))
        .hasMessageStartingWith("set costs.wake=soon: ")
        .hasMessageContaining("no duration");
    // Where the text is wrong by itself its own place is told.
    assertThatThrownBy(() -> ScenarioParser.parse(WHOLE.replace("think: 2us", "think: 2"), set))
        .hasMessageStartingWith("line 5, column 61: ");
    // What would be wrong alone is right beside the other.
    Map<String, String> both =
        Map.of("memory.ram.backing", "anon", "uffds.u.register.ram", "[MISSING]");
    assertThat(ScenarioParser.parse(WHOLE, both).memory()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          think: 2us      | think: 2           | 5 | 61 | "2" is no duration
          think: 2us      | think: 2h          | 5 | 61 | no duration
          writes: 20      | writes: 101        | 5 | 50 | may be 0 to 100
          kind: random    | kind: randm        | 5 | 34 | "randm" is none of sequential
          writes: 20      | pace: 20           | 5 | 42 | workload random has no "pace"
          name: batch     | name: bach         | 8 | 22 | none of on-demand
          readers: 2      | readers: 0         | 8 | 50 | may be 1 to 512
          wake: 25us      | wakes: 25us        | 9 | 9  | costs has no "wakes"
          ram: [MINOR]    | rom: [MINOR]       | 3 | 29 | no memory is called "rom"
          count: 3        | count: 257         | 5 | 14 | may be 1 to 256
          """)
  void mistakeIsToldWithItsPlace(String good, String bad, int line, int column, String problem) {
    ScenarioException mistake =
        catchThrowableOfType(
            ScenarioException.class, () -> ScenarioParser.parse(WHOLE.replace(good, bad)));

    assertThat(mistake.problem()).contains(problem);
    assertThat(mistake.line()).as(mistake.problem()).isEqualTo(line);
    assertThat(mistake.column()).as(mistake.problem()).isEqualTo(column);
  }

  @Test
  void handlerOfAnUnregisteredUserfaultfdMustSayItsMemory() {
    String text = WHOLE.replace("{register: {ram: [MINOR]}}", "{}");

    assertThatThrownBy(() -> ScenarioParser.parse(text)).hasMessageContaining("which \"memory\"");
  }

  @Test
  void durationsAreReadAndWritten() {
    assertThat(Durations.parse("4500ns")).isEqualTo(4_500);
    assertThat(Durations.parse("0.25 us")).isEqualTo(250);
    assertThat(Durations.parse("20ms")).isEqualTo(20_000_000);
    assertThat(Durations.text(20_000_000)).isEqualTo("20ms");
    assertThat(Durations.text(4_500)).isEqualTo("4500ns");
    assertThatThrownBy(() -> Durations.parse("2 days")).hasMessageContaining("no duration");
    assertThatThrownBy(() -> Durations.parse("3601s")).hasMessageContaining("longer than an hour");
  }
}
