package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunCommandTest {
  private static final String TIMED =
      """
      title: two threads
      memory: {ram: {backing: anon, pages: 64}}
      uffds: {u: {register: {ram: [MISSING]}}}
      threads: {t: {count: 2, workload: {kind: random, split: true}}}
      handlers: {h: {source: nvme}}
      """;

  private static final String SCRIPT =
      """
      title: a script
      memory: {a: {backing: anon, pages: 1}}
      uffds: {u: {}}
      threads: [t]
      steps:
        - {register: {at: a, mode: MISSING}}
        - {touch: {at: a}, expect: blocked}
        - {copy: {at: a, value: 7}}
        - {thread: t, expect: {state: done, value: 7}}
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void jsonHasTheFactsOfTheRun() throws IOException {
    assertThat(run("run", scenario(TIMED), "--json", "--seed", "5")).isZero();
    JsonNode report = new JsonMapper().readTree(out.toString());
    assertThat(report.path("engine").asString()).isEqualTo("simulation");
    assertThat(report.path("seed").asLong()).isEqualTo(5);
    assertThat(report.path("faults").path("missing").asLong()).isEqualTo(64);
    assertThat(report.path("faults").path("kvmUserfault").asLong()).isZero();
    assertThat(report.path("messages").asLong()).isEqualTo(64);
    assertThat(report.path("ioctls").path("COPY").path("ok").asLong()).isEqualTo(64);
    assertThat(report.path("stallNs").path("t-1").asLong()).isPositive();
    assertThat(report.path("elapsedNs").asLong()).isPositive();
    assertThat(report.path("expectations").path("failed").isArray()).isTrue();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void oneSeedGivesOneRecording() throws IOException {
    String scenario = scenario(TIMED);
    Path one = folder.resolve("one.fscope");
    Path two = folder.resolve("two.fscope");
    Path other = folder.resolve("other.fscope");
    assertThat(run("run", scenario, "--seed", "3", "--record", one.toString())).isZero();
    assertThat(run("run", scenario, "--seed", "3", "--record", two.toString())).isZero();
    assertThat(run("run", scenario, "--seed", "4", "--record", other.toString())).isZero();

    assertThat(one).hasSameBinaryContentAs(two);
    assertThat(Files.mismatch(one, other)).isNotNegative();
  }

  @Test
  void recordedAndUnrecordedRunsCountAlike() throws IOException {
    String scenario = scenario(TIMED);
    run("run", scenario, "--json");
    String unrecorded = out.toString();
    out.getBuffer().setLength(0);
    run("run", scenario, "--json", "--record", folder.resolve("r.fscope").toString());
    assertThat(out.toString()).isEqualTo(unrecorded);
  }

  @Test
  void recordingIsReplayedUnderTheNameGivenToIt() throws IOException {
    Path first = folder.resolve("first.fscope");
    assertThat(run("run", scenario(TIMED), "--record", first.toString())).isZero();
    String replay = TIMED.replace("kind: random, split: true", "kind: replay, recording: before");
    assertThat(run("run", scenario(replay))).isEqualTo(3);
    assertThat(err.toString()).contains("there is no recording \"before\" here");
    out.getBuffer().setLength(0);
    assertThat(run("run", scenario(replay), "--recording", "before=" + first, "--json")).isZero();
    JsonNode report = new JsonMapper().readTree(out.toString());
    assertThat(report.path("faults").path("missing").asLong()).isEqualTo(64);
  }

  @Test
  void policyAndValuesAreSetFromOutside() throws IOException {
    String scenario = scenario(TIMED);
    assertThat(run("run", scenario, "--policy", "{name: batch, after: 31}", "--json")).isZero();
    JsonNode batch = new JsonMapper().readTree(out.toString());
    assertThat(batch.path("messages").asLong()).isLessThan(32);
    out.getBuffer().setLength(0);
    assertThat(run("run", scenario, "--set", "threads.t.workload.accesses=3", "--json")).isZero();
    assertThat(new JsonMapper().readTree(out.toString()).path("messages").asLong()).isEqualTo(6);
  }

  @Test
  void failedExpectationIsToldAndEndsWithOne() throws IOException {
    assertThat(run("run", scenario(SCRIPT))).isZero();
    assertThat(out.toString()).contains("expectations           5 passed, 0 failed");
    String wrong = SCRIPT.replace("{state: done, value: 7}", "{state: done, value: 8}");
    out.getBuffer().setLength(0);
    assertThat(run("run", scenario(wrong))).isEqualTo(1);
    assertThat(out.toString()).contains("line 9 (thread)").contains("expected value 8, was 7");
  }

  @Test
  void mistakesAreToldWithTheirPlace() throws IOException {
    String scenario = scenario(TIMED.replace("source: nvme", "source: tape"));
    assertThat(run("run", scenario)).isEqualTo(3);
    assertThat(err.toString()).contains("line 5, column 24: \"tape\" is none of page-cache, nvme");
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    assertThat(run("run", scenario(TIMED), "--policy", "best")).isEqualTo(2);
    assertThat(err.toString()).contains("\"best\" is none of on-demand");
    assertThat(run("run", scenario(TIMED), "--engine", "qemu")).isEqualTo(2);
    assertThat(err.toString()).contains("no engine is called qemu; there is simulation");
    assertThat(run("run", scenario(TIMED), "--record", "x.txt")).isEqualTo(2);
    String file =
        scenario(
            "title: x\nmemory: {g: {backing: guest_memfd, pages: 1}}\n"
                + "uffds: {u: {register: {g: [MINOR]}}}\n");
    assertThat(run("run", file)).isEqualTo(3);
    assertThat(err.toString()).contains("userfaultfd u cannot be registered on g: EINVAL");
  }

  private String scenario(String text) throws IOException {
    Path file = folder.resolve("scenario.yaml");
    Files.writeString(file, text);
    return file.toString();
  }

  private int run(String... arguments) {
    return Main.run(
        (say, more) -> {
          throw new AssertionError("nothing is served");
        },
        new PrintWriter(out),
        new PrintWriter(err),
        arguments);
  }
}
