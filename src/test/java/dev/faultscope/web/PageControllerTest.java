package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.session.watch.WatchRuns;
import dev.faultscope.trace.TraceFormats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

@WebMvcTest(PageController.class)
@Import(FrontendModules.class)
class PageControllerTest {
  @Autowired MockMvcTester mvc;

  @TestConfiguration
  static class EmptyLibrary {
    @Bean
    Library library() {
      return new Library(
          new LibrarySettings(
              Path.of("target/test-data/pages"), 1, Duration.ofMinutes(1), 1, 1, 1000, List.of()),
          new TraceImports(TraceFormats.STANDARD));
    }

    @Bean
    WatchRuns watches(Library library) {
      return new WatchRuns(library);
    }
  }

  @Test
  void theStartPageSetsTheThemeBeforeAnythingIsPaintedAndLoadsOnlyOwnFiles() {
    assertThat(mvc.get().uri("/"))
        .hasStatusOk()
        .bodyText()
        .contains("src=\"/app/start.js\"", "data-page=\"start\"", "/webjars/d3/")
        .containsSubsequence("/boot/theme.js", "stylesheet")
        .doesNotContain("//cdn", "http://", "https://", "th:");
  }

  @Test
  void aRecordingThatIsNotThereIsNotFound() {
    assertThat(mvc.get().uri("/explore/0123456789abcdef")).hasStatus(404);
  }
}
