package dev.faultscope.session.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.watch.Watch;
import dev.faultscope.live.watch.WatchOptions;
import dev.faultscope.session.library.GrowingRecording;
import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.testsupport.Hostage;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import dev.faultscope.trace.TraceFormats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A watch on its thread. */
@Requires(Requirement.UFFD)
@Timeout(60)
class WatchRunTest {
  @Test
  void watchThatFailsSaysWhyInItsRow(@TempDir Path dir) throws Exception {
    try (Library library =
            new Library(
                new LibrarySettings(dir, 8, Duration.ofMinutes(1), 1, 1, 1000, List.of()),
                new TraceImports(TraceFormats.STANDARD));
        Hostage hostage = new Hostage("memfd", "8")) {
      GrowingRecording recording = library.record("watched", "watch");
      Watch watch =
          Watch.of(hostage.pid(), WatchOptions.DEFAULT.withRate(200), recording.recorder());
      recording.complete();

      WatchRun run = new WatchRun(recording, watch, "watched", 200);
      run.start();
      run.awaitEnd(System.nanoTime() + Duration.ofSeconds(30).toNanos());

      assertThat(run.isOver()).isTrue();
      assertThat(run.status().summary().end()).isEqualTo("it failed: the recording is closed");
    }
  }
}
