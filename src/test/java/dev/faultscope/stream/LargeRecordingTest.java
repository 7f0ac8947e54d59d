package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeRecordingTest {
  @TempDir Path dir;

  @Test
  void threePeopleLookAtATerabyteWithEventsAllOverItInAHeapOf512Mebibytes() throws Exception {
    Programs.Result result =
        Programs.run(
            Path.of("."),
            Duration.ofMinutes(5),
            Map.of(),
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                OneTebibyte.class.getName(),
                dir.resolve("large.fscope").toString()));

    assertThat(result.output()).contains("right;");
    assertThat(result.exitCode()).isZero();
  }
}
