package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.trace.TraceFormats;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a view asks of a recording beside watching it. */
@WebMvcTest(QuestionsController.class)
class QuestionsControllerTest {
  private static final String RECORDING = "/api/recordings/sample-small";

  @Autowired MockMvcTester mvc;
  @Autowired Library library;

  @TestConfiguration
  static class OneSample {
    @Bean(initMethod = "start")
    Library library() throws IOException {
      return new Library(
          new LibrarySettings(
              Files.createTempDirectory(Path.of("target"), "questions"),
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
  }

  @BeforeEach
  void readTheSample() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> library.ask("sample-small", session -> !session.isLoading()).orElseThrow());
  }

  private MvcTestResult get(String path) {
    return mvc.get().uri(RECORDING + path).exchange();
  }

  private JsonNode json(String path) {
    MvcTestResult result = get(path);
    assertThat(result).hasStatusOk();
    try {
      return JsonMapper.builder()
          .build()
          .readTree(result.getResponse().getContentAsString(StandardCharsets.UTF_8));
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void stretchHasTheEventsThatAPredicateFindsInIt() {
    JsonNode events = json("/search?query=time >= 0ns&limit=1000").get("hits");
    long fromNs = events.get(events.size() / 3).get("timeNs").asLong();
    long toNs = events.get(events.size() / 2).get("timeNs").asLong();
    String within = "time >= %dns and time < %dns".formatted(fromNs, toNs);
    long hits = json("/hits?query=" + within).get("count").asLong();
    JsonNode stretch = json("/stretch?fromNs=" + fromNs + "&toNs=" + toNs);

    assertThat(hits).isPositive();
    assertThat(stretch.get("events").asLong()).isEqualTo(hits);
    assertThat(stretch.get("last").asLong() - stretch.get("first").asLong() + 1).isEqualTo(hits);
  }

  @Test
  void stretchBehindTheEndHasNoEventAndOneWithoutTimeIsNone() {
    long end = json("/stretch?fromNs=0&toNs=9000000000000000000").get("events").asLong();
    JsonNode behind = json("/stretch?fromNs=8000000000000000000&toNs=9000000000000000000");
    assertThat(behind.get("events").asLong()).isZero();
    assertThat(behind.get("last").asLong()).isEqualTo(end);
    assertThat(get("/stretch?fromNs=5&toNs=5")).hasStatus(400);
  }
}
