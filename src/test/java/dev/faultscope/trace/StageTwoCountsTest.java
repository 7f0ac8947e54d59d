package dev.faultscope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.FaultOrigin;
import dev.faultscope.testsupport.StageTwoTruth;
import dev.faultscope.timeline.Statistics;
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
 * Holds the importer to what really happened in guests without a userfaultfd: each recording comes
 * with the counts of its program, which are those of KVM's own counters. {@code
 * -Dfaultscope.traces=DIR} checks the recordings of a directory as well.
 */
class StageTwoCountsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path directory;

  static Stream<Path> recordings() throws IOException {
    List<Path> all = new ArrayList<>(in(Path.of("sample-traces")));
    String more = System.getProperty("faultscope.traces");
    if (more != null) {
      all.addAll(in(Path.of(more)));
    }
    return all.stream();
  }

  private static List<Path> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(
              file ->
                  file.getFileName()
                      .toString()
                      .matches("s2_.*\\.(trace|trace-cmd|perf-script)\\.txt"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void countsEqualTheTruth(Path trace) throws Exception {
    String file = trace.getFileName().toString();
    Path truthFile = trace.resolveSibling(file.substring(0, file.indexOf('.')) + ".truth.json");
    JsonNode truth = JSON.readTree(Files.readAllBytes(truthFile));
    try (Imports.Result result = Imports.file(trace, directory, List.of())) {
      assertThat(result.report().damaged()).isEmpty();
      assertThat(result.report().unknownLines()).isEmpty();
      Statistics counted = Statistics.of(result.timeline());
      assertThat(counted.origin()).isEqualTo(FaultOrigin.STAGE2);
      assertThat(counted.faults()).isEqualTo(truth.path("faults").asLong());
      assertThat(counted.unreadFaults()).isZero();
      assertThat(counted.faultsByOrigin()).containsEntry(FaultOrigin.STAGE2, counted.faults());
      assertThat(counted.distinctPages()).isEqualTo(truth.path("distinct_pages").asLong());
      assertThat(counted.zappedPages()).isEqualTo(truth.path("zapped_pages").asLong());
      assertThat(counted.leaves().of2M()).isEqualTo(truth.path("huge_leaves").asLong());
      assertThat(counted.leaves().of1G()).isZero();
      assertThat(counted.mmioExits()).isEqualTo(truth.path("mmio_exits").asLong());
      assertThat(counted.faultsByThread()).isEqualTo(byThread(truth));
      assertThat(StageTwoTruth.byCause(counted)).isEqualTo(StageTwoTruth.byCause(truth));
      // perf prints the same instants a little later than the others, each line on its own.
      assertThat(counted.latency().max())
          .isBetween(
              truth.path("longest_wait_ns").asLong() - 1000,
              truth.path("longest_wait_ns").asLong() + 1000);
    }
  }

  private static Map<String, Long> byThread(JsonNode truth) {
    Map<String, Long> all = new TreeMap<>();
    for (JsonNode vcpu : truth.path("vcpus")) {
      all.put(vcpu.path("tid").asString(), vcpu.path("faults").asLong());
    }
    return all;
  }
}
