package dev.faultscope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.session.live.GuestOrder;
import dev.faultscope.session.live.LiveLimits;
import dev.faultscope.session.live.LiveRun;
import dev.faultscope.session.live.LiveRuns;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.session.scenario.Scenarios;
import dev.faultscope.testsupport.Conditions;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.timeline.LatencyHistogram.Percentiles;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Statistics;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.TraceFormats;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The same run has the same percentiles, whoever is asked. */
@Requires(Requirement.UFFD)
@Timeout(120)
class PercentilesTest {
  @TempDir Path directory;

  @Test
  void liveSummaryAndStatisticsOfItsRecordingAgree() throws Exception {
    LibrarySettings settings =
        new LibrarySettings(
            directory.resolve("data"), 8, Duration.ofMinutes(10), 1, 1, 1 << 20, List.of());
    try (Library library = new Library(settings, new TraceImports(TraceFormats.STANDARD))) {
      library.start();
      LiveSummary summary;
      Path recording;
      Runs runs =
          new Runs(
              library,
              new Scenarios(List.of()),
              List.of(),
              1,
              Duration.ofMinutes(10),
              System::nanoTime);
      try (LiveRuns live = new LiveRuns(library, runs, new LiveLimits(1, 1))) {
        LiveRun run =
            live.start(
                new GuestOrder(
                    "memfd",
                    "minor",
                    4,
                    "touch",
                    2,
                    "random",
                    false,
                    3,
                    false,
                    "batch:4",
                    null,
                    Duration.ofSeconds(60)));
        Conditions.await("it is over", () -> !run.summaries().isEmpty());
        summary = run.summaries().getFirst();
        Conditions.await(
            "its recording is closed",
            () -> library.ask(run.id(), session -> session.isLoading()).equals(Optional.of(false)));
        recording = onlyRecording();
      }
      JsonNode printed = stats(recording);
      try (Timeline timeline = RecordingFile.open(recording)) {
        Statistics statistics = Statistics.of(timeline);
        assertThat(statistics.readToIoctl().count()).isPositive();
        assertThat(statistics.ioctls())
            .hasEntrySatisfying(
                UffdIoctl.CONTINUE,
                calls -> assertThat(summary.ioctls()).containsEntry("CONTINUE", calls.calls()));
        assertThat(statistics.readToIoctl().percentiles()).isEqualTo(summary.readToIoctl());
        assertThat(statistics.ioctl().percentiles()).isEqualTo(summary.ioctl());
      }
      assertThat(percentiles(printed.path("readToIoctlNs"))).isEqualTo(summary.readToIoctl());
      assertThat(percentiles(printed.path("ioctlNs"))).isEqualTo(summary.ioctl());
      Map<String, Object> attached = AttachCommand.fields(summary);
      assertThat(attached)
          .containsEntry("readToIoctlNs", summary.readToIoctl())
          .containsEntry("ioctlNs", summary.ioctl());
    }
  }

  private Path onlyRecording() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".fscope")).toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  private static JsonNode stats(Path recording) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            (say, passed) -> {},
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            "stats",
            recording.toString(),
            "--json");
    assertThat(code).as(err.toString()).isZero();
    return new JsonMapper().readTree(out.toString());
  }

  private static Percentiles percentiles(JsonNode node) {
    return new Percentiles(
        node.path("p50").asLong(), node.path("p99").asLong(), node.path("max").asLong());
  }
}
