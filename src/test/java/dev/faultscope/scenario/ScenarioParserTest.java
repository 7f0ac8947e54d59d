package dev.faultscope.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioParserTest {
  private static final String HEAD =
      """
      title: t
      threads: [t]
      memory: {a: {backing: anon, pages: 4}}
      uffds: {u: {}}
      steps:
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          - {tuch: {at: a}}                                | 6 | 6 | no action is called "tuch"
          - {touch: {at: b}}                               | 6 | 18 | no memory is called "b"; there is a
          - {touch: {at: a, reed: 1}}                      | 6 | 21 | has no "reed"
          - {touch: {thread: x, at: a}}                    | 6 | 22 | no thread is called "x"
          - {touch: {at: "a[1"}}                           | 6 | 18 | ']' is missing
          - {touch: {at: "a[1/0]"}}                        | 6 | 18 | divides by zero
          - {touch: {at: "a[x]"}}                          | 6 | 18 | neither a number nor a variable
          - {touch: {at: a, write: 256}}                   | 6 | 28 | may be 0 to 255
          - {touch: {at: a}, poll: u}                      | 6 | 22 | a step does one thing
          - {touch: {at: a}, expect: {field: 1}}           | 6 | 31 | has no "field"
          - {copy: {at: a}, expect: EWHAT}                 | 6 | 29 | no errno is called "EWHAT"
          - {register: {at: a, mode: MINER}}               | 6 | 30 | nor one of MINOR, MISSING, WP
          - {repeat: {times: 100000, steps: []}}           | 6 | 22 | may be 1 to 10000
          - {touch: {at: a, at: a}}                        | 6 | 21 | is there twice
          - 7                                              | 6 | 5 | a step is a mapping
          """)
  void mistakeIsToldWithItsPlace(String step, int line, int column, String problem) {
    ScenarioException mistake = mistake(HEAD + "  " + step);

    assertThat(mistake.problem()).contains(problem);
    assertThat(mistake.line()).isEqualTo(line);
    assertThat(mistake.column()).isEqualTo(column);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {slots: {s: {memory: x}}}                                         | 3 | 28 | no memory is called "x"
          {slots: {s: {memory: a, gpa: 1}}}                                 | 3 | 36 | multiple of 4096
          {slots: {s: {memory: a}, r: {memory: b, gpa: 0x3000}}}            | 3 | 52 | overlaps slot "s"
          {slots: {s: {memory: a}, r: {memory: a, gpa: 0x9000}}}            | 3 | 44 | "a" has a slot already
          {slots: {s: {memory: a, guest-memfd: true}}}                      | 3 | 44 | not backed by guest_memfd
          {slots: {s: {memory: a, guest-memfd: g}}}                         | 3 | 44 | does not hold the whole slot
          {slots: {s: {memory: a}}, page-tables: 0x2000}                    | 3 | 46 | 3 pages inside a slot
          {slots: {s: {memory: a}}, cod: 0}                                 | 3 | 33 | kvm has no "cod"
          {slots: {s: {memory: a}}, devices: {d: {gpa: 0x3000}}}            | 3 | 52 | device "d" overlaps slot "s"
          {slots: {s: {memory: a}}, devices: {d: {gpa: 0x8001}}}            | 3 | 52 | "gpa" is a multiple of 4096
          {slots: {s: {memory: a}}, devices: {d: {gpa: 0x8000, size: 1}}}   | 3 | 60 | a device has no "size"
          {slots: {s: {memory: a}}, dirty-logs: never}                      | 3 | 45 | by-reading
          """)
  void mistakeInTheVirtualMachineIsToldWithItsPlace(
      String kvm, int line, int column, String problem) {
    String memory =
        "{a: {backing: anon, pages: 4}, b: {backing: anon, pages: 4},"
            + " g: {backing: guest_memfd, pages: 1}}";
    ScenarioException mistake = mistake("title: t\nmemory: " + memory + "\nkvm:  " + kvm);

    assertThat(mistake.problem()).contains(problem);
    assertThat(mistake.line()).isEqualTo(line);
    assertThat(mistake.column()).isEqualTo(column);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {guest: {at: a, gpa: 0}}                    | 6 | 13 | say where
          {guest: {at: b}}                            | 6 | 18 | a place in the memory of a slot: a
          {kvm-access: {what: clock, at: a}}          | 6 | 25 | none of kvmclock
          {guest: {at: a}, expect: {exit-flags: SET}} | 6 | 43 | PRIVATE, USERFAULT
          """)
  void mistakeOfAVirtualProcessorIsToldWithItsPlace(
      String step, int line, int column, String problem) {
    String head =
        """
        title: t
        memory: {a: {backing: anon, pages: 4}, b: {backing: anon, pages: 4}}
        kvm: {slots: {s: {memory: a}}}
        vcpus: [v]
        steps:
        """;
    ScenarioException mistake = mistake(head + "  - " + step);

    assertThat(mistake.problem()).contains(problem);
    assertThat(mistake.line()).isEqualTo(line);
    assertThat(mistake.column()).isEqualTo(column);
  }

  @Test
  void virtualProcessorsNeedAVirtualMachine() {
    assertThat(mistake("title: t\nvcpus: [v]").problem()).contains("section \"kvm\"");
  }

  @Test
  void loopsCannotUnrollWithoutEnd() {
    String loops =
        """
          - repeat:
              as: i
              times: 1000
              steps:
                - repeat: {as: j, times: 1000, steps: [{poll: u}]}
        """;

    assertThat(mistake(HEAD + loops).problem()).contains("more than 20000 steps");
  }

  @Test
  void aliasesOfCollectionsAreRefused() {
    String bomb = "title: t\nmemory: &a {x: {backing: anon, pages: 1}}\nuffds: *a\n";

    assertThat(mistake(bomb).problem()).contains("aliases");
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(mistake("title: " + "[".repeat(100)).problem()).contains("Nesting Depth");
  }

  @Test
  void tagsMakeNoObjects() {
    assertThat(mistake("title: !!java.net.URL x").problem()).contains("tag is not allowed");
  }

  @Test
  void hugeFileIsRefused() {
    assertThat(mistake("#".repeat((1 << 20) + 1)).problem()).contains("at most 1048576");
  }

  @Test
  void memoryHasABound() {
    assertThat(mistake("title: t\nmemory: {a: {backing: anon, pages: 5000000}}").line())
        .isEqualTo(2);
  }

  @Test
  void brokenYamlIsToldWithItsPlace() {
    ScenarioException mistake = mistake("title: t\nsteps: [\n  {a: b\n");

    assertThat(mistake.line()).isEqualTo(4);
  }

  private static ScenarioException mistake(String text) {
    return catchThrowableOfType(ScenarioException.class, () -> ScenarioParser.parse(text));
  }
}
