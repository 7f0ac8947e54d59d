package dev.faultscope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.Backing;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.trace.input.RegionFile;
import dev.faultscope.trace.input.RegionSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the importer to what really happened: every recording comes with the counts of the program
 * that was recorded. {@code -Dfaultscope.traces=DIR} checks the recordings of a directory as well.
 */
class TrueCountsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path directory;

  /** What the importer is told about the regions. */
  enum Told {
    EVERYTHING,
    ADDRESSES,
    NOTHING
  }

  record Case(Path trace, Told told) {
    String name() {
      String file = String.valueOf(trace.getFileName());
      return file.substring(0, file.indexOf('.'));
    }

    @Override
    public String toString() {
      return trace.getFileName() + " told " + told;
    }
  }

  static Stream<Case> cases() throws IOException {
    List<Path> traces = new ArrayList<>(tracesIn(Path.of("sample-traces")));
    String more = System.getProperty("faultscope.traces");
    if (more != null) {
      traces.addAll(tracesIn(Path.of(more)));
    }
    return traces.stream().flatMap(trace -> Stream.of(Told.values()).map(t -> new Case(trace, t)));
  }

  private static List<Path> tracesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(trace|trace-cmd|perf-script)\\.txt"))
          // Without a userfaultfd there are other counts: StageTwoCountsTest.
          .filter(file -> !file.getFileName().toString().startsWith("s2_"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void countsEqualTheTruth(Case recording) throws Exception {
    Path truthFile = recording.trace().resolveSibling(recording.name() + ".truth.json");
    JsonNode truth = JSON.readTree(Files.readAllBytes(truthFile));
    Path alone = Files.copy(recording.trace(), directory.resolve("alone.txt"));
    try (Imports.Result result = Imports.file(alone, directory, regions(recording, truthFile))) {
      assertThat(result.report().damaged()).isEmpty();
      assertThat(result.report().unknownLines()).isEmpty();
      assertThat(result.report().lostEvents()).isZero();
      Statistics statistics = Statistics.of(result.timeline());
      assertIoctls(statistics, truth.path("ioctls"));
      if (recording.name().startsWith("a3")) {
        return; // The guest runs in ring 3: the trace shows its ioctls only.
      }
      long pages = 0;
      for (JsonNode region : truth.path("messages_by_region")) {
        pages += region.path("distinct_pages").asLong();
      }
      assertThat(statistics.distinctPages()).isEqualTo(pages);
      assertFaults(statistics, truth, recording.name().matches("(v_)?[bd].*") ? 0.01 : 0);
    }
  }

  private static List<RegionSpec> regions(Case recording, Path truth) throws Exception {
    List<RegionSpec> all = RegionFile.read(truth);
    return switch (recording.told()) {
      case EVERYTHING -> all;
      case ADDRESSES ->
          all.stream()
              .map(
                  spec ->
                      new RegionSpec(
                          spec.name(),
                          spec.base(),
                          spec.size(),
                          spec.gpaBase(),
                          Backing.UNKNOWN,
                          0,
                          true))
              .toList();
      case NOTHING -> List.of();
    };
  }

  private static void assertIoctls(Statistics statistics, JsonNode truth) {
    for (UffdIoctl ioctl :
        List.of(UffdIoctl.CONTINUE, UffdIoctl.COPY, UffdIoctl.ZEROPAGE, UffdIoctl.WAKE)) {
      JsonNode expected = truth.path("UFFDIO_" + ioctl);
      Statistics.Calls counted =
          statistics.ioctls().getOrDefault(ioctl, new Statistics.Calls(0, 0, 0, 0, 0));
      assertThat(counted)
          .as("%s", ioctl)
          .isEqualTo(
              new Statistics.Calls(
                  expected.path("calls").asLong(),
                  expected.path("ok").asLong(),
                  expected.path("eexist").asLong(),
                  expected.path("eagain").asLong(),
                  expected.path("other").asLong()));
    }
  }

  private static void assertFaults(Statistics statistics, JsonNode truth, double tolerance) {
    Map<String, Long> expected = new TreeMap<>();
    long all = 0;
    for (JsonNode thread : truth.path("threads")) {
      long messages = thread.path("messages").asLong();
      all += messages;
      if (messages > 0) {
        expected.put(thread.path("tid").asString(), messages);
      }
    }
    assertThat(statistics.faultsByThread().keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (thread, count) ->
            assertThat(Math.abs(statistics.faultsByThread().getOrDefault(thread, 0L) - count))
                .as("thread %s has %d messages", thread, count)
                .isLessThanOrEqualTo((long) (count * tolerance)));
    assertThat(Math.abs(statistics.faults() - all)).isLessThanOrEqualTo((long) (all * tolerance));
  }
}
