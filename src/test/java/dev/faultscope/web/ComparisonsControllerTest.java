package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.comparison.ComparisonLimits;
import dev.faultscope.session.comparison.Comparisons;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Comparisons over HTTP. */
@WebMvcTest(ComparisonsController.class)
class ComparisonsControllerTest {
  private static final String SCENARIO =
      """
      title: Two threads
      memory: {ram: {backing: anon, pages: %d}}
      uffds: {u: {register: {ram: [MISSING]}}}
      threads: {v: {count: 2, workload: {kind: sequential, split: true}}}
      handlers: {h: {policy: on-demand, source: page-cache}}
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Autowired MockMvcTester mvc;

  @TestConfiguration
  static class OneWaits {
    @Bean
    Comparisons comparisons() {
      return new Comparisons(
          new ComparisonLimits(4, 2, 1L << 21, 50_000_000, Duration.ofSeconds(60), 1, 4));
    }
  }

  private MvcTestResult start(String text, String... policies) {
    String body =
        JSON.writeValueAsString(
            JSON.createObjectNode().put("text", text).set("policies", JSON.valueToTree(policies)));
    return mvc.post()
        .uri("/api/comparisons")
        .contentType(MediaType.APPLICATION_JSON)
        .content(body)
        .exchange();
  }

  private static JsonNode json(MvcTestResult result) {
    try {
      return JSON.readTree(result.getResponse().getContentAsString());
    } catch (java.io.UnsupportedEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode view(String id) {
    return json(mvc.get().uri("/api/comparisons/" + id).exchange());
  }

  @Test
  void policiesCanBeListedComparedAndForgotten() {
    assertThat(mvc.get().uri("/api/policies"))
        .hasStatusOk()
        .bodyJson()
        .extractingPath("$[*].name")
        .asArray()
        .contains("on-demand", "batch");

    MvcTestResult started = start(SCENARIO.formatted(64), "on-demand", "batch");
    assertThat(started).hasStatus(201);
    String id = json(started).get("id").asString();
    while (view(id).get("state").asString().matches("WAITING|RUNNING")) {
      Thread.onSpinWait();
    }
    JsonNode done = view(id);
    assertThat(done.get("state").asString()).isEqualTo("DONE");
    assertThat(done.get("runs").size()).isEqualTo(2);
    assertThat(done.get("runs").get(0).get("pages").asInt()).isEqualTo(64);
    assertThat(done.get("runs").get(0).get("curve").get(0).get("n").asInt()).isEqualTo(1);

    assertThat(mvc.delete().uri("/api/comparisons/" + id)).hasStatus(204);
    assertThat(mvc.get().uri("/api/comparisons/" + id)).hasStatus(404);
  }

  @Test
  void aMistakeIsToldWithItsPlace() {
    assertThat(start("title: t\nmemory: {a: {backing: wood}}", "batch"))
        .hasStatus(400)
        .bodyJson()
        .extractingPath("$.line")
        .isEqualTo(2);
    assertThat(start(SCENARIO.formatted(64), "clairvoyant"))
        .hasStatus(400)
        .bodyText()
        .contains("clairvoyant");
    assertThat(start(SCENARIO.formatted(3_000_000), "on-demand"))
        .hasStatus(400)
        .bodyText()
        .contains("at most 2097152");
    assertThat(start(SCENARIO.formatted(64))).hasStatus(400).bodyText().contains("1 to 4");
  }

  @Test
  void moreThanMayWaitAreRefusedUntilOneIsCancelled() {
    String large = SCENARIO.formatted(2_000_000);
    String running = json(start(large, "on-demand")).get("id").asString();
    while (!view(running).get("state").asString().equals("RUNNING")) {
      Thread.onSpinWait();
    }
    String waiting = json(start(large, "on-demand")).get("id").asString();

    assertThat(start(large, "on-demand")).hasStatus(503).bodyText().contains("cancel one");

    assertThat(mvc.delete().uri("/api/comparisons/" + waiting)).hasStatus(204);
    MvcTestResult instead = start(large, "on-demand");
    assertThat(instead).hasStatus(201);
    assertThat(mvc.delete().uri("/api/comparisons/" + running)).hasStatus(204);
    assertThat(mvc.delete().uri("/api/comparisons/" + json(instead).get("id").asString()))
        .hasStatus(204);
  }
}
