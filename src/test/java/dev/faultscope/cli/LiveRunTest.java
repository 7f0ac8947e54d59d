package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code run --engine live}: the words of a simulated run, from a real kernel. */
@Requires(Requirement.UFFD)
class LiveRunTest {
  private static final String MINOR =
      """
      title: two threads on a memfd
      engines: [simulation, live]
      memory: {ram: {backing: memfd, pages: 512, fill: pattern}}
      uffds: {u: {register: {ram: [MINOR]}}}
      threads: {v: {count: 2, workload: {kind: random, split: true, writes: 30}}}
      handlers: {h: {policy: on-demand, source: page-cache}}
      """;

  private static final String MISSING =
      """
      title: one userfaultfd a thread
      engines: [simulation, live]
      memory: {a: {backing: anon, pages: 256}, b: {backing: anon, pages: 256}}
      uffds: {u: {register: {a: [MISSING]}}, w: {register: {b: [MISSING]}}}
      threads:
        t: {workload: {kind: sequential, memory: a}}
        s: {workload: {kind: sequential, memory: b}}
      handlers:
        h: {uffd: u, policy: on-demand, source: page-cache}
        i: {uffd: w, policy: {name: batch, after: 15}, source: page-cache}
      """;

  private static final String SCRIPT =
      """
      title: a script
      engines: [simulation, live]
      memory: {a: {backing: anon, pages: 1}}
      uffds: {u: {}}
      threads: [t]
      steps:
        - {register: {at: a, mode: MISSING}}
        - {touch: {at: a}, expect: blocked}
        - {message: u, expect: {flags: 0}}
        - {copy: {at: a, value: 7}}
        - {thread: t, expect: {state: done, value: 7}}
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void simulatedAndRealRunsStandSideBySide() throws IOException {
    Path file = Files.writeString(folder.resolve("s.yaml"), MINOR);
    String[] compare = {"compare", file.toString(), "--engine", "simulation,live"};
    String[] policies = {"--policy", "on-demand", "--policy", "batch:16", "--policy", "oracle"};

    JsonNode both = JsonMapper.shared().readTree(said(compare, policies, new String[] {"--json"}));
    assertThat(both.path("state").asString()).isEqualTo("DONE");
    assertThat(both.path("runs").valueStream().map(run -> run.path("engine").asString()))
        .containsExactly("simulation", "live", "simulation", "live", "simulation", "live");
    JsonNode onDemand = both.path("ratios").path(0);
    assertThat(onDemand.path("policy").asString()).isEqualTo("on-demand");
    // Every page is asked for once on either: what differs is how long it takes.
    assertThat(onDemand.path("faults").asDouble()).isEqualTo(1);
    assertThat(onDemand.path("ioctls").asDouble()).isEqualTo(1);
    assertThat(onDemand.path("stall").propertyNames()).containsExactly("v-0", "v-1");
    assertThat(onDemand.path("stall").path("v-0").asDouble()).isPositive();

    assertThat(said(compare, policies))
        .contains("real as multiples of simulated")
        .containsPattern("on-demand +1 +1[.]00 +1[.]00 +[0-9.]+  v-0 [0-9.]+, v-1 [0-9.]+");
  }

  @Test
  void whatDoesNotFitARealKernelSaysWhatToSet() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("s.yaml"), MINOR.replace("source: page-cache", "source: nvme"));
    String[] compare = {"compare", file.toString(), "--engine", "live", "--policy", "batch"};

    assertThat(run(compare)).isEqualTo(Problems.INPUT);
    assertThat(err.toString()).contains("set handlers.h.source to page-cache");
  }

  @Test
  void everyMinorFaultIsAnsweredOnceAndRecorded() throws IOException {
    Path recording = folder.resolve("r.fscope");

    JsonNode live = json(MINOR, "--engine", "live", "--record", recording.toString());

    assertThat(live.path("engine").asString()).isEqualTo("live");
    assertThat(live.path("faults").path("minor").asLong()).isEqualTo(512);
    assertThat(live.path("messages").asLong()).isEqualTo(512);
    assertThat(live.path("ioctls").path("CONTINUE").path("ok").asLong()).isEqualTo(512);
    assertThat(live.path("stallNs").path("v-1").asLong()).isPositive();
    try (Timeline timeline = RecordingFile.open(recording);
        Cursor cursor = timeline.cursor()) {
      cursor.seek(timeline.lastSequence());
      assertThat(timeline.lastSequence()).isEqualTo(live.path("events").asLong());
      assertThat(cursor.moment().queue()).isEmpty();
      assertThat(timeline.regions().getFirst().name()).isEqualTo("ram");
      assertThat(timeline.actors()).extracting("name").contains("h", "v-0", "v-1");
    }
  }

  @Test
  void theJsonHasTheSameFieldsAsASimulatedRuns() throws IOException {
    JsonNode live = json(MINOR, "--engine", "live");
    JsonNode simulated = json(MINOR, "--engine", "simulation");

    assertThat(live.propertyNames()).containsExactlyElementsOf(simulated.propertyNames());
    assertThat(live.path("faults")).isEqualTo(simulated.path("faults"));
    assertThat(live.path("ioctls")).isEqualTo(simulated.path("ioctls"));
    assertThat(live.path("stallNs").propertyNames())
        .containsExactlyElementsOf(simulated.path("stallNs").propertyNames());
  }

  @Test
  void eachUserfaultfdHasAHandlerOfItsOwn() throws IOException {
    Path recording = folder.resolve("two.fscope");

    JsonNode live = json(MISSING, "--engine", "live", "--record", recording.toString());

    // 256 pages one by one, and 256 in groups of 16.
    assertThat(live.path("faults").path("missing").asLong()).isEqualTo(256 + 16);
    try (Timeline timeline = RecordingFile.open(recording)) {
      assertThat(timeline.regions()).extracting("name").containsExactlyInAnyOrder("a", "b");
      assertThat(timeline.actors()).extracting("name").contains("h", "i", "t", "s");
    }
  }

  @Test
  void ratesAreInTheUnitsOfTheKernelsTest() throws IOException {
    assertThat(run("run", scenario(MINOR), "--engine", "live")).isZero();
    assertThat(out.toString())
        .containsPattern("per-vCPU paging rate +[0-9.]+ pgs/sec/vcpu")
        .containsPattern("overall paging rate +[0-9.]+ pgs/sec\\n");
  }

  /** Nothing is lost on the way: each thread's first touches come again, in their order. */
  @Test
  void whatARealRunAccessedIsReplayedByTheSimulator() throws IOException {
    Path live = folder.resolve("live.fscope");
    Path simulated = folder.resolve("simulated.fscope");
    json(MINOR, "--engine", "live", "--record", live.toString());
    String replay =
        MINOR.replace("kind: random, split: true, writes: 30", "kind: replay, recording: real");

    JsonNode report = json(replay, "--recording", "real=" + live, "--record", simulated.toString());

    assertThat(report.path("engine").asString()).isEqualTo("simulation");
    assertThat(report.path("faults").path("minor").asLong()).isEqualTo(512);
    Map<String, List<String>> real = firstTouches(live);
    assertThat(real.get("v-0")).hasSize(256);
    // Whichever thread came first in the recording is the first of the replay, whatever its name.
    assertThat(firstTouches(simulated).values()).containsExactlyInAnyOrderElementsOf(real.values());
  }

  /** Pages with the kind of access, by thread, in the order in which they faulted first. */
  private static Map<String, List<String>> firstTouches(Path recording) throws IOException {
    Map<String, List<String>> touches = new TreeMap<>();
    Set<Integer> seen = new HashSet<>();
    try (Timeline timeline = RecordingFile.open(recording);
        Cursor cursor = timeline.cursor()) {
      while (cursor.next()) {
        Event event = cursor.event();
        if (event.kind() == EventKind.ENQUEUE && seen.add(event.firstPage())) {
          String access = (event.flags() & EventFlags.WRITE) == 0 ? "read " : "write ";
          touches
              .computeIfAbsent(timeline.actors().get(event.actor()).name(), _ -> new ArrayList<>())
              .add(access + event.firstPage());
        }
      }
    }
    return touches;
  }

  @Test
  @Requires(Requirement.KVM)
  void vcpusAreRealOnes() throws IOException {
    String vcpus =
        """
        title: two vCPUs through a memory slot
        engines: [simulation, live]
        memory: {ram: {backing: memfd, pages: 512, fill: pattern}}
        uffds: {u: {register: {ram: [MINOR]}}}
        kvm: {slots: {s: {memory: ram, gpa: 0x40000000}}}
        vcpus: {v: {count: 2, workload: {kind: random, split: true, writes: 50}}}
        handlers: {h: {policy: on-demand, source: page-cache}}
        steps:
          - {pagemap: {at: ram, pages: 512}, expect: {mapped: 512}}
          - {guest: {vcpu: v-1, at: "ram[300]+4095"}, expect: {value: 45}}
          - {guest: {vcpu: v-0, at: "ram[7]"}, expect: {value: 7}}
        """;

    JsonNode live = json(vcpus, "--engine", "live");

    assertThat(live.path("faults").path("minor").asLong()).isEqualTo(512);
    assertThat(live.path("expectations").path("passed").asInt()).isEqualTo(5);
    assertThat(live.path("expectations").path("failed")).isEmpty();
    assertThat(live.path("stallNs").path("v-0").asLong()).isPositive();
  }

  static Stream<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("sample-scenarios"))) {
      return files.filter(LiveRunTest::isForLive).sorted().toList().stream();
    }
  }

  private static boolean isForLive(Path sample) {
    try {
      return ScenarioParser.parse(Files.readString(sample)).engines().contains(Scenario.LIVE);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  @Requires(Requirement.KVM)
  void whatTheGallerySaysOfARealKernelHolds(Path sample) {
    assertThat(run("run", sample.toString(), "--engine", "live", "--json"))
        .as(err + "\n" + out)
        .isZero();
  }

  @Test
  void aScriptIsPlayedAndCounted() throws IOException {
    JsonNode live = json(SCRIPT, "--engine", "live");

    assertThat(live.path("faults").path("missing").asLong()).isEqualTo(1);
    assertThat(live.path("ioctls").path("COPY").path("ok").asLong()).isEqualTo(1);
    assertThat(live.path("stallNs").path("t").asLong()).isPositive();
    assertThat(live.path("expectations").path("passed").asLong()).isPositive();
  }

  @Test
  void aFailedExpectationEndsWithOne() throws IOException {
    String wrong = SCRIPT.replace("done, value: 7", "done, value: 8");
    assertThat(run("run", scenario(wrong), "--engine", "live", "--json")).isEqualTo(1);
    assertThat(out.toString()).contains("\"failed\"").contains("8");
  }

  @Test
  void whatCannotBeDoneHereSaysWhy() throws IOException {
    assertThat(run("run", scenario(MINOR.replace("page-cache", "nvme")), "--engine", "live"))
        .isEqualTo(3);
    assertThat(err.toString()).contains("nvme").contains("page cache of this machine");
    assertThat(run("run", scenario(MINOR.replace("writes: 30", "think: 1us")), "--engine", "live"))
        .isEqualTo(3);
    assertThat(err.toString()).contains("think");
  }

  private String said(String[]... arguments) {
    out.getBuffer().setLength(0);
    String[] all = Stream.of(arguments).flatMap(Stream::of).toArray(String[]::new);
    assertThat(run(all)).as(err.toString()).isZero();
    return out.toString();
  }

  private JsonNode json(String text, String... more) throws IOException {
    out.getBuffer().setLength(0);
    String[] arguments = new String[3 + more.length];
    arguments[0] = "run";
    arguments[1] = scenario(text);
    arguments[2] = "--json";
    System.arraycopy(more, 0, arguments, 3, more.length);
    assertThat(run(arguments)).as(err.toString()).isZero();
    return new JsonMapper().readTree(out.toString());
  }

  private String scenario(String text) throws IOException {
    return Files.writeString(folder.resolve("scenario.yaml"), text).toString();
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
