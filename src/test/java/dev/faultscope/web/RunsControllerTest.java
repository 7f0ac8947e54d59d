package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.library.Library;
import dev.faultscope.session.library.LibrarySettings;
import dev.faultscope.session.library.TraceImports;
import dev.faultscope.session.live.LiveLimits;
import dev.faultscope.session.live.LiveRuns;
import dev.faultscope.session.run.SimulationEngine;
import dev.faultscope.session.scenario.Runs;
import dev.faultscope.session.scenario.Scenarios;
import dev.faultscope.trace.TraceFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Scenarios and runs over HTTP. */
@WebMvcTest({RunsController.class, ScenariosController.class})
class RunsControllerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SCENARIO =
      """
      title: one thread
      about: Watch page 0.
      group: Tests
      memory: {ram: {backing: memfd, pages: 16, fill: pattern}}
      uffds: {u: {register: {ram: [MINOR]}}}
      threads: {t: {workload: {kind: sequential}}}
      handlers: {h: {uffd: u}}
      """;

  @Autowired MockMvcTester mvc;

  @TestConfiguration
  static class OneScenario {
    @Bean(initMethod = "start")
    Library library() throws IOException {
      return new Library(
          new LibrarySettings(
              Files.createTempDirectory(Path.of("target"), "runs"),
              8,
              Duration.ofMinutes(1),
              1,
              1,
              1000,
              List.of()),
          new TraceImports(TraceFormats.STANDARD));
    }

    @Bean
    Scenarios scenarios() {
      return new Scenarios(List.of(new Scenarios.Source("one-thread", SCENARIO)));
    }

    @Bean
    Runs runs(Library library, Scenarios scenarios) {
      return new Runs(
          library,
          scenarios,
          List.of(new SimulationEngine()),
          4,
          Duration.ofMinutes(1),
          System::nanoTime);
    }

    @Bean
    LiveRuns live(Library library, Runs runs) {
      return new LiveRuns(library, runs, LiveLimits.USUAL);
    }
  }

  private MvcTestResult post(String uri, String body) {
    return mvc.post().uri(uri).contentType(MediaType.APPLICATION_JSON).content(body).exchange();
  }

  private static JsonNode json(MvcTestResult result) {
    try {
      return JSON.readTree(result.getResponse().getContentAsString());
    } catch (java.io.UnsupportedEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private String start() {
    MvcTestResult started = post("/api/runs", "{\"scenario\": \"one-thread\", \"seed\": 7}");
    assertThat(started).hasStatus(201);
    return json(started).get("id").asString();
  }

  private JsonNode command(String id, String body) {
    MvcTestResult answer = post("/api/runs/" + id + "/commands", body);
    assertThat(answer).hasStatusOk();
    return json(answer);
  }

  @Test
  void theGalleryIsListedWithoutItsTextsAndOneWithIt() {
    JsonNode list = json(mvc.get().uri("/api/scenarios").exchange());
    assertThat(list).hasSize(1);
    assertThat(list.get(0).get("about").asString()).isEqualTo("Watch page 0.");
    assertThat(list.get(0).has("text")).isFalse();
    assertThat(mvc.get().uri("/api/scenarios/one-thread"))
        .hasStatusOk()
        .bodyJson()
        .extractingPath("text")
        .isEqualTo(SCENARIO);
    assertThat(mvc.get().uri("/api/scenarios/gone")).hasStatus(404);
  }

  @Test
  void aTextIsCheckedWithLineAndColumn() {
    JsonNode right = check(SCENARIO);
    assertThat(right.get("ok").asBoolean()).isTrue();
    assertThat(right.get("title").asString()).isEqualTo("one thread");
    JsonNode wrong = check("title: x\nmemory: {ram: {backing: wood, pages: 1}}\n");
    assertThat(wrong.get("ok").asBoolean()).isFalse();
    JsonNode problem = wrong.get("problems").get(0);
    assertThat(problem.get("line").asInt()).isEqualTo(2);
    assertThat(problem.get("message").asString()).contains("wood").doesNotContain("line 2");
  }

  private JsonNode check(String text) {
    MvcTestResult result =
        mvc.post()
            .uri("/api/scenarios/check")
            .contentType(MediaType.TEXT_PLAIN)
            .content(text)
            .exchange();
    assertThat(result).hasStatusOk();
    return json(result);
  }

  @Test
  void aFaultIsAnsweredByHandWronglyAndRightly() {
    String id = start();
    command(id, "{\"type\": \"manual\", \"on\": true}");
    JsonNode queued = command(id, "{\"type\": \"advance\", \"unit\": \"fault\"}").get("status");
    assertThat(queued.get("waitingCount").asInt()).isOne();
    assertThat(queued.get("manual").asBoolean()).isTrue();
    assertThat(queued.get("simulated").get("seed").asInt()).isEqualTo(7);

    String ioctl =
        "{\"type\":\"ioctl\",\"uffd\":\"u\",\"name\":\"%s\",\"region\":0,\"page\":0,\"mode\":[]}";
    JsonNode copy = command(id, ioctl.formatted("COPY"));
    assertThat(copy.get("errnoName").asString()).isEqualTo("EEXIST");
    assertThat(copy.get("woke")).isEmpty();
    JsonNode resumed = command(id, ioctl.formatted("CONTINUE"));
    assertThat(resumed.get("field").asInt()).isEqualTo(4096);
    assertThat(resumed.get("woke")).hasSize(1);
    assertThat(resumed.get("events").get("to").asInt())
        .isGreaterThan(resumed.get("events").get("from").asInt());

    MvcTestResult forked = post("/api/runs/" + id + "/fork", "{\"seq\": 5}");
    assertThat(forked).hasStatus(201);
    assertThat(json(mvc.get().uri("/api/runs").exchange()).findValuesAsString("id"))
        .contains(id, json(forked).get("id").asString());
    assertThat(mvc.get().uri("/api/runs/" + id + "/scenario"))
        .bodyJson()
        .extractingPath("text")
        .isEqualTo(SCENARIO);
    command(id, "{\"type\": \"stop\"}");
    assertThat(post("/api/runs/" + id + "/commands", "{\"type\": \"pause\"}")).hasStatus(409);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|type is missing",
        "{\"type\": \"jump\"}|there are go",
        "{\"type\": \"advance\", \"unit\": \"week\"}|event, fault, decision",
        "{\"type\": \"advance\", \"unit\": \"event\", \"by\": 100000}|1..1000",
        "{\"type\": \"go\", \"eventsPerSecond\": 0}|eventsPerSecond",
        "{\"type\": \"inject\", \"what\": \"rain\"}|punch-hole",
        "{\"type\": \"ioctl\", \"name\": \"COPY\", \"region\": 0, \"page\": 0}|uffd is missing",
        "{\"type\": \"ioctl\", \"name\": \"CPY\", \"uffd\": \"u\", \"region\": 0, \"page\":"
            + " 0}|there are",
        "{\"type\": \"inject\", \"what\": \"dontneed\", \"region\": 7, \"page\": 0}|region 7",
        "{\"type\": \"break\", \"queries\": [\"page=\"]}|character",
        "{\"type\": \"break\"}|queries is missing",
      })
  void aCommandThatIsNoneIsToldWhatThereIs(String body, String told) {
    String id = start();
    MvcTestResult answer = post("/api/runs/" + id + "/commands", body);
    assertThat(answer).hasStatus(400);
    assertThat(json(answer).get("detail").asString()).contains(told);
    command(id, "{\"type\": \"stop\"}");
  }

  @Test
  void whatCannotBeRunIsRefused() {
    MvcTestResult bad = post("/api/runs", "{\"text\": \"title: x\\nmemory: 5\\n\"}");
    assertThat(bad).hasStatus(400);
    assertThat(json(bad).get("line").asInt()).isEqualTo(2);
    assertThat(post("/api/runs", "{\"scenario\": \"gone\"}")).hasStatus(400);
    assertThat(post("/api/runs", "{\"scenario\": \"one-thread\", \"engine\": \"live\"}"))
        .hasStatus(400);
    assertThat(mvc.get().uri("/api/runs/run-0123456789abcdef")).hasStatus(404);
    assertThat(post("/api/runs/run-0123456789abcdef/fork", "{\"seq\": 1}")).hasStatus(404);
  }
}
