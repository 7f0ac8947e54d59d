package dev.faultscope.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.library.Bookmarks;
import dev.faultscope.session.library.Library;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bookmarks over HTTP. */
@WebMvcTest(BookmarksController.class)
@Import(OneSample.class)
class BookmarksControllerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ALL = OneSample.RECORDING + "/bookmarks";

  @Autowired MockMvcTester mvc;
  @Autowired Library library;

  @TestConfiguration
  static class Kept {
    @Bean
    Bookmarks bookmarks(Library library) {
      return new Bookmarks(library);
    }
  }

  @BeforeEach
  void readTheSample() {
    OneSample.awaitRead(library);
  }

  @AfterEach
  void deleteAll() {
    for (JsonNode each : json(send(HttpMethod.GET, ALL, ""))) {
      assertThat(send(HttpMethod.DELETE, ALL + "/" + each.get("number").asInt(), ""))
          .hasStatus(204);
    }
  }

  private MvcTestResult send(HttpMethod method, String uri, String body) {
    return mvc.method(method)
        .uri(uri)
        .contentType(MediaType.APPLICATION_JSON)
        .content(body.getBytes(StandardCharsets.UTF_8))
        .exchange();
  }

  private static String text(MvcTestResult result) {
    try {
      return result.getResponse().getContentAsString(StandardCharsets.UTF_8);
    } catch (UnsupportedEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode json(MvcTestResult result) {
    return JSON.readTree(text(result));
  }

  private static String detail(MvcTestResult result) {
    return json(result).path("detail").asString("");
  }

  @Test
  void bookmarkIsAddedListedReplacedAndDeleted() {
    MvcTestResult added =
        send(
            HttpMethod.POST,
            ALL,
            "{\"seq\": 2, \"region\": 0, \"page\": 0, \"text\": \"<script>ü</script>\"}");
    assertThat(added).hasStatus(201);
    int number = json(added).get("number").asInt();
    assertThat(json(send(HttpMethod.GET, ALL, "")).get(0)).isEqualTo(json(added));
    assertThat(json(added).get("text").asString()).isEqualTo("<script>ü</script>");
    assertThat(json(added).get("timeNs").isNumber()).isTrue();

    MvcTestResult replaced =
        send(HttpMethod.PUT, ALL + "/" + number, "{\"seq\": 1, \"text\": \"earlier\"}");
    assertThat(replaced).hasStatusOk();
    assertThat(json(send(HttpMethod.GET, ALL, "")).get(0)).isEqualTo(json(replaced));
    assertThat(json(replaced).get("page").isNull()).isTrue();

    assertThat(send(HttpMethod.DELETE, ALL + "/" + number, "")).hasStatus(204);
    assertThat(json(send(HttpMethod.GET, ALL, ""))).isEmpty();
    MvcTestResult gone = send(HttpMethod.DELETE, ALL + "/" + number, "");
    assertThat(gone).hasStatus(404);
    assertThat(detail(gone)).contains("no bookmark " + number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "{\"seq\": 1",
        "{\"seq\": \"soon\"}",
        "{\"seq\": 99999999999999999999}",
        "{\"seq\": 1, \"page\": {}}"
      })
  void bodyThatIsNoBookmarkIsRefusedWithOneThatIs(String body) {
    MvcTestResult refused = send(HttpMethod.POST, ALL, body);
    assertThat(refused).hasStatus(400);
    assertThat(detail(refused)).contains("{\"seq\": 41, \"region\": 0, \"page\": 26");
  }

  @Test
  void momentBeyondTheEndIsRefusedWithTheLastThereIs() {
    MvcTestResult refused = send(HttpMethod.POST, ALL, "{\"seq\": 999999}");
    assertThat(refused).hasStatus(400);
    assertThat(detail(refused)).matches("seq is a moment of the recording, 0 to \\d+, not 999999");
  }

  @Test
  void bodyOfTenMegabytesIsNotReadToItsEnd() {
    MvcTestResult refused =
        send(HttpMethod.POST, ALL, "{\"seq\": 1, \"text\": \"" + "x".repeat(10 << 20) + "\"}");
    assertThat(refused).hasStatus(400);
    assertThat(detail(refused)).contains("at most 8192 bytes", "shorten");
    assertThat(json(send(HttpMethod.GET, ALL, ""))).isEmpty();
  }

  @Test
  void longestTextFitsWithEveryCharacterEscaped() {
    MvcTestResult added =
        send(HttpMethod.POST, ALL, "{\"seq\": 1, \"text\": \"" + "\\u00fc".repeat(500) + "\"}");
    assertThat(added).hasStatus(201);
    assertThat(json(added).get("text").asString()).isEqualTo("ü".repeat(500));
  }

  @Test
  void recordingThatIsNotThereIsNotFound() {
    String nowhere = "/api/recordings/0123456789abcdef/bookmarks";
    assertThat(send(HttpMethod.GET, nowhere, "")).hasStatus(404);
    assertThat(send(HttpMethod.POST, nowhere, "{\"seq\": 0}")).hasStatus(404);
    assertThat(send(HttpMethod.DELETE, nowhere + "/1", "")).hasStatus(404);
    assertThat(send(HttpMethod.DELETE, ALL + "/one", "")).hasStatus(400);
  }
}
