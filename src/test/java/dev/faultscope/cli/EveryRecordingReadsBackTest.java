package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.guest.GuestLauncher;
import dev.faultscope.live.watch.Watch;
import dev.faultscope.live.watch.WatchOptions;
import dev.faultscope.session.Reread;
import dev.faultscope.testsupport.Conditions;
import dev.faultscope.testsupport.Hostage;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.ChunkedRecorder;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever an importer, a run, a handler or a watch wrote reads back in every way, whether it
 * declares no region, one or many, and whether it has no chunk of events, one or several.
 */
@Timeout(180)
class EveryRecordingReadsBackTest {
  /** Events of a chunk, and some: one line gives two events at the least. */
  private static final int TWO_CHUNKS = 17_000;

  private static final int FEW = 20;

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  /** Text of other tools, as their readers know it. */
  enum Shape {
    FTRACE("# tracer: nop\n", " %s-%d [000] d.... %d.%06d: %s: %s\n"),
    TRACE_CMD("cpus=2\n", " %s-%d [000] %d.%06d: %s: %s\n"),
    PERF_SCRIPT("", " %s %d [000] %d.%06d: exceptions:%s: %s\n");

    private final String head;
    private final String line;

    Shape(String head, String line) {
      this.head = head;
      this.line = line;
    }

    String of(int lines, int threads, int regions) {
      StringBuilder text = new StringBuilder(head);
      if (lines == 0) {
        return text.append(line.formatted("t", 1, 1, 1, "nobody_knows", "x=1")).toString();
      }
      for (int i = 0; i < lines; i++) {
        long region = i % Math.max(1, regions);
        String address = Long.toHexString(base((int) region) + 4096L * (i % 64));
        text.append(
            String.format(
                line,
                "t",
                1 + i % threads,
                1 + i / 1000,
                i % 1000,
                "page_fault_user",
                "address=0x" + address + " ip=0x1000 error_code=0x4"));
      }
      return text.toString();
    }
  }

  record Case(Shape shape, int lines, int threads, int regions) {}

  static Stream<Case> texts() {
    return Stream.of(Shape.values())
        .flatMap(
            shape ->
                IntStream.of(0, 1, 5)
                    .boxed()
                    .flatMap(
                        regions ->
                            Stream.of(
                                new Case(shape, 0, 1, regions),
                                new Case(shape, FEW, 3, regions),
                                new Case(shape, TWO_CHUNKS, 1 + regions, regions))));
  }

  /** Text to recording, to a copy, to NDJSON and to a recording again. */
  @ParameterizedTest
  @MethodSource("texts")
  void importedTextAndItsCopies(Case text) throws Exception {
    Path source = folder.resolve("trace.txt");
    Files.writeString(source, text.shape().of(text.lines(), text.threads(), text.regions()));
    Path first = folder.resolve("first.fscope");
    List<String> convert = new ArrayList<>(List.of("convert", "" + source, "" + first));
    for (int region = 0; region < text.regions(); region++) {
      convert.addAll(
          List.of("--region", "0x" + Long.toHexString(base(region)) + "+256K=r" + region));
    }
    run(convert.toArray(String[]::new));
    Path copy = folder.resolve("copy.fscope");
    Path lines = folder.resolve("lines.ndjson");
    Path back = folder.resolve("back.fscope");
    run("convert", "" + first, "" + copy);
    run("convert", "" + copy, "" + lines);
    run("convert", "" + lines, "" + back);

    long events = Reread.check(first);

    assertThat(events).isGreaterThanOrEqualTo(2L * text.lines());
    assertThat(Reread.check(copy)).isEqualTo(events);
    assertThat(Reread.check(back)).isEqualTo(events);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void simulatedRun(int regions) throws Exception {
    for (int pages : new int[] {4, 6000}) {
      Path file = folder.resolve("run-" + pages + ".fscope");
      run("run", scenario(regions, pages), "--record", "" + file);
      assertThat(Reread.check(file)).isGreaterThan(pages * 6L);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  @Requires(Requirement.UFFD)
  void scenarioOnTheRealKernel(int regions) throws Exception {
    for (int pages : new int[] {4, 6000}) {
      Path file = folder.resolve("live-" + pages + ".fscope");
      run("run", scenario(regions, pages), "--engine", "live", "--record", "" + file);
      assertThat(Reread.check(file)).isGreaterThan(pages * 4L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simulation", "live"})
  @Requires(Requirement.UFFD)
  void runWithoutMemory(String engine) throws Exception {
    Path file = folder.resolve("empty.fscope");
    Path scenario = folder.resolve("empty.yaml");
    Files.writeString(
        scenario,
        """
        title: nothing to fault on
        engines: [simulation, live]
        uffds: {u: {}}
        steps:
          - {message: u, expect: none}
        """);
    run("run", "" + scenario, "--engine", engine, "--record", "" + file);
    Reread.check(file);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  @Requires(Requirement.UFFD)
  void attachedHandler(int regions) throws Exception {
    for (int mib : new int[] {3, 30}) {
      Path socket = folder.resolve("s" + mib);
      Path file = folder.resolve("attach-" + mib + ".fscope");
      StringWriter report = new StringWriter();
      FutureTask<Integer> attach =
          new FutureTask<>(
              () ->
                  main(
                      report,
                      new StringWriter(),
                      "attach",
                      "--socket",
                      "" + socket,
                      "--record",
                      "" + file,
                      "--policy",
                      "batch:16",
                      "--json"));
      Thread.ofPlatform().daemon().start(attach);
      Conditions.await("the socket is there", () -> Files.exists(socket));
      List<String> guest =
          List.of(
              "--socket",
              "" + socket,
              "--backing",
              "ANON",
              "--mode",
              "MISSING",
              "--regions",
              "" + regions,
              "--mib",
              "" + mib,
              "--limit",
              "50");
      Process process =
          GuestLauncher.process(guest)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(attach.get(60, TimeUnit.SECONDS)).isZero();
      assertThat(Reread.check(file)).isGreaterThan(mib * 16L);
      assertThat(copies(file)).isEqualTo(copies(report.toString()));
    }
  }

  /** {@return how many COPY calls a recording has} */
  private static long copies(Path file) {
    StringWriter stats = new StringWriter();
    assertThat(main(stats, new StringWriter(), "stats", "" + file, "--json")).isZero();
    return JSON.readTree(stats.toString()).path("ioctls").path("COPY").path("calls").asLong();
  }

  /** {@return how many COPY calls the handler says that it made} */
  private static long copies(String report) {
    long calls = 0;
    for (Map.Entry<String, JsonNode> results :
        JSON.readTree(report).findValue("ioctls").properties()) {
      if (results.getKey().startsWith("COPY")) {
        calls += results.getValue().asLong();
      }
    }
    return calls;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000})
  @Requires(Requirement.UFFD)
  void watchedProcess(int draftsOfAChunk) throws Exception {
    Path file = folder.resolve("watch.fscope");
    WatchOptions options = WatchOptions.DEFAULT.withRate(200).withDuration(Duration.ofMillis(300));
    try (Hostage hostage = new Hostage("anon", "64")) {
      hostage.tell("touch 3");
      hostage.tell("copy 5 7");
      try (RecordingFile recording = RecordingFile.create(file, new TimelineInfo("t", "watch", 0));
          Watch watch =
              Watch.of(hostage.pid(), options, new ChunkedRecorder(recording, draftsOfAChunk))) {
        watch.run();
        recording.complete();
        recording.timeline().close();
      }
    }
    assertThat(Reread.check(file)).isPositive();
  }

  private String scenario(int regions, int pages) throws Exception {
    StringBuilder text = new StringBuilder("title: many pages\nengines: [simulation, live]\n");
    StringBuilder memory = new StringBuilder();
    StringBuilder uffds = new StringBuilder();
    StringBuilder threads = new StringBuilder();
    StringBuilder handlers = new StringBuilder();
    for (int i = 0; i < regions; i++) {
      memory.append("  m%d: {backing: anon, pages: %d}\n".formatted(i, pages / regions + 1));
      uffds.append("  u%d: {register: {m%d: [MISSING]}}\n".formatted(i, i));
      threads.append("  t%d: {workload: {kind: sequential, memory: m%d}}\n".formatted(i, i));
      handlers.append(
          "  h%d: {uffd: u%d, policy: on-demand, source: page-cache}\n".formatted(i, i));
    }
    text.append("memory:\n").append(memory).append("uffds:\n").append(uffds);
    text.append("threads:\n").append(threads).append("handlers:\n").append(handlers);
    Path file = folder.resolve("s.yaml");
    Files.writeString(file, text.toString());
    return "" + file;
  }

  private static long base(int region) {
    return 0x7f00_0000_0000L + region * 0x1000_0000L;
  }

  private static void run(String... arguments) {
    StringWriter err = new StringWriter();
    assertThat(main(new StringWriter(), err, arguments))
        .as("%s: %s", List.of(arguments), err)
        .isZero();
  }

  private static int main(StringWriter out, StringWriter err, String... arguments) {
    return Main.run(
        (say, more) -> {
          throw new AssertionError("nothing is served");
        },
        new PrintWriter(out),
        new PrintWriter(err),
        arguments);
  }
}
