package dev.faultscope.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.faultscope.cli.Main;
import dev.faultscope.model.Bookmark;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.trace.ExampleWriter;
import dev.faultscope.trace.TraceWriters;
import dev.faultscope.trace.output.TraceWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"faultscope.token=" + ExportsControllerTest.TOKEN, "faultscope.exports=1"})
@Import(ExportsControllerTest.MoreForms.class)
class ExportsControllerTest {
  static final String TOKEN = "a-token-for-the-exports-test";
  private static final Path SAMPLE = Path.of("sample-traces", "v_c_uprobe.trace.txt");

  @TempDir static Path dir;

  @LocalServerPort int port;
  private final HttpClient http = HttpClient.newHttpClient();
  private String cookie = "";
  private String id = "";

  /** The program's own forms, one more, one that breaks off and one that waits. */
  @TestConfiguration(proxyBeanMethods = false)
  static class MoreForms {
    static final CountDownLatch GO_ON = new CountDownLatch(1);
    static final CountDownLatch UNDER_WAY = new CountDownLatch(1);

    @Bean
    @Primary
    TraceWriters moreTraceWriters() {
      return new TraceWriters(
          Stream.<TraceWriter>concat(
                  TraceWriters.STANDARD.all().stream(),
                  Stream.of(new ExampleWriter(), new BreaksOff(), new Waits()))
              .toList());
    }
  }

  private abstract static class Odd implements TraceWriter {
    @Override
    public String text() {
      return "Odd";
    }

    @Override
    public String mediaType() {
      return "text/plain";
    }
  }

  private static final class BreaksOff extends Odd {
    @Override
    public String name() {
      return "breaks-off";
    }

    @Override
    public void write(Timeline timeline, List<Bookmark> bookmarks, OutputStream out)
        throws IOException {
      out.write(new byte[1 << 20]);
      out.flush();
      throw new IOException("the disk is full");
    }
  }

  private static final class Waits extends Odd {
    @Override
    public String name() {
      return "waits";
    }

    @Override
    public void write(Timeline timeline, List<Bookmark> bookmarks, OutputStream out)
        throws IOException {
      MoreForms.UNDER_WAY.countDown();
      try {
        MoreForms.GO_ON.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      out.flush();
    }
  }

  @DynamicPropertySource
  static void dataDir(DynamicPropertyRegistry registry) {
    registry.add("faultscope.data-dir", () -> dir.resolve("data").toString());
  }

  @BeforeEach
  void uploadASample() throws Exception {
    cookie = new RawHttp(port).cookie(TOKEN).substring("Cookie: ".length());
    id = uploaded(SAMPLE);
  }

  private String uploaded(Path file) throws IOException, InterruptedException {
    String name = "/api/recordings?name=" + file.getFileName();
    HttpResponse<String> created =
        http.send(
            request(name)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofFile(file))
                .build(),
            BodyHandlers.ofString());
    String uploaded = json(created.body()).path("id").asString();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> text("/api/recordings/" + uploaded).contains("\"complete\""));
    return uploaded;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Cookie", cookie);
  }

  private String text(String path) throws IOException, InterruptedException {
    return http.send(request(path).build(), BodyHandlers.ofString()).body();
  }

  private HttpResponse<byte[]> export(String form) throws IOException, InterruptedException {
    return http.send(
        request("/api/recordings/" + id + "/export?format=" + form).build(),
        BodyHandlers.ofByteArray());
  }

  private static JsonNode json(String text) {
    return JsonMapper.builder().build().readTree(text);
  }

  @Test
  void theFormsAreThoseOfTheRegistryInItsOrder() throws Exception {
    assertThat(json(text("/api/exports")).valueStream().map(each -> each.path("name").asString()))
        .containsExactly("fscope", "ndjson", "csv", "breaks-off", "waits");
  }

  @Test
  void theBrowserGetsTheBytesThatTheCommandLineWrites() throws Exception {
    for (TraceWriter form : TraceWriters.STANDARD.all()) {
      // Without its sidecar, which an upload does not bring along.
      Path trace = dir.resolve(SAMPLE.getFileName());
      Files.copy(SAMPLE, trace, StandardCopyOption.REPLACE_EXISTING);
      Path file = dir.resolve("by-hand." + form.name());
      assertThat(Main.run((say, passed) -> {}, "convert", "" + trace, "" + file)).isZero();

      HttpResponse<byte[]> answer = export(form.name());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith(form.mediaType());
      assertThat(answer.headers().firstValue("Content-Disposition").orElse(""))
          .isEqualTo("attachment; filename=\"" + id + "." + form.name() + "\"");
      assertThat(Arrays.mismatch(answer.body(), Files.readAllBytes(file)))
          .as("the first byte of %s that differs", form.name())
          .isEqualTo(-1);
    }
  }

  @Test
  void whatIsSavedAsARecordingOpensWhole() throws Exception {
    Path file = Files.write(dir.resolve("saved.fscope"), export("fscope").body());
    try (Timeline timeline = RecordingFile.open(file)) {
      assertThat(timeline.isComplete()).isTrue();
      assertThat(timeline.lastSequence())
          .isEqualTo(json(text("/api/recordings/" + id)).path("events").asLong());
    }
  }

  @Test
  void bookmarksGoWithWhatIsSavedAndComeBackWithAnUpload() throws Exception {
    String added =
        http.send(
                request("/api/recordings/" + id + "/bookmarks")
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"seq\": 7, \"region\": 0, \"page\": 0, \"text\": \"<i>ü</i>"
                                + " why?\"}"))
                    .build(),
                BodyHandlers.ofString())
            .body();
    JsonNode kept = json(text("/api/recordings/" + id + "/bookmarks"));
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0)).isEqualTo(json(added));
    try {
      for (String form : List.of("fscope", "ndjson")) {
        Path file = Files.write(dir.resolve("noted." + form), export(form).body());
        assertThat(json(commandLine("bookmarks", "" + file, "--json")).get("bookmarks"))
            .as(form)
            .isEqualTo(kept);
        assertThat(commandLine("bookmarks", "" + file)).contains("<i>ü</i> why?");

        String uploaded = uploaded(file);
        assertThat(json(text("/api/recordings/" + uploaded + "/bookmarks")))
            .as(form)
            .isEqualTo(kept);
      }
      assertThat(new String(export("csv").body(), UTF_8)).doesNotContain("why?");
    } finally {
      int number = kept.get(0).get("number").asInt();
      assertThat(
              http.send(
                      request("/api/recordings/" + id + "/bookmarks/" + number).DELETE().build(),
                      BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(204);
    }
  }

  private static String commandLine(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run((_, _) -> {}, new PrintWriter(out), new PrintWriter(err), arguments);
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void aFormAddedToTheRegistryIsServed() throws Exception {
    assertThat(new String(export("csv").body(), UTF_8).lines().findFirst().orElse(""))
        .matches("1,\\d+,[A-Z_]+");
  }

  @Test
  void anUnknownFormNamesThoseThereAre() throws Exception {
    HttpResponse<byte[]> answer = export("pdf");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new String(answer.body(), UTF_8)).contains("fscope, ndjson, csv");
  }

  @Test
  void anUnknownRecordingIsNotFoundAndNothingIsOpened() throws Exception {
    id = "0123456789abcdef";
    HttpResponse<byte[]> answer = export("ndjson");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Disposition")).isEmpty();
  }

  @Test
  void whatBreaksOffIsNotTakenForWhole() {
    assertThatThrownBy(() -> export("breaks-off")).isInstanceOf(IOException.class);
  }

  @Test
  void oneMoreThanMayBeAtOnceIsRefusedAndTheNextIsNot() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> first =
        http.sendAsync(
            request("/api/recordings/" + id + "/export?format=waits").build(),
            BodyHandlers.ofByteArray());
    MoreForms.UNDER_WAY.await();
    assertThat(export("csv").statusCode()).isEqualTo(503);
    MoreForms.GO_ON.countDown();
    assertThat(first.get().statusCode()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(10)).until(() -> export("csv").statusCode() == 200);
  }
}
