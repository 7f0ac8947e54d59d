package dev.faultscope.web;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.trace.TraceFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** A library with one small sample, for controllers that ask about a recording. */
@TestConfiguration
class OneSample {
  static final String RECORDING = "/api/recordings/sample-small";

  @Bean(initMethod = "start")
  Library library() throws IOException {
    return new Library(
        new LibrarySettings(
            Files.createTempDirectory(Path.of("target"), "one-sample"),
            8,
            Duration.ofMinutes(1),
            1,
            1,
            1000,
            List.of(
                new LibrarySettings.Sample(
                    "small", "Small", "", "samples/v_c_uprobe.trace.txt", ""))),
        new TraceImports(TraceFormats.STANDARD));
  }

  static void awaitRead(Library library) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> library.ask("sample-small", session -> !session.isLoading()).orElseThrow());
  }
}
