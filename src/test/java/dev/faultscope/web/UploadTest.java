package dev.faultscope.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.web.RawHttp.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"faultscope.token=" + UploadTest.TOKEN, "faultscope.upload-limit=100KB"})
class UploadTest {
  static final String TOKEN = "a-token-for-the-upload-test";
  private static final String OCTETS = "Content-Type: application/octet-stream";
  private static final String TRACE =
      "# tracer: nop\n"
          + "  vmm-100 [000] ..... 1.000000: page_fault_user: address=0x7f0000001000 ip=0x1"
          + " error_code=0x6\n";

  @TempDir static Path dir;

  @LocalServerPort int port;
  private RawHttp http;
  private String cookie;

  @DynamicPropertySource
  static void dataDir(DynamicPropertyRegistry registry) {
    registry.add("faultscope.data-dir", () -> dir.resolve("data").toString());
  }

  @BeforeEach
  void connect() throws IOException {
    http = new RawHttp(port);
    cookie = http.cookie(TOKEN);
  }

  private Answer upload(String query, String body) throws IOException {
    return http.send("POST", "/api/recordings" + query, body, cookie, OCTETS);
  }

  private static void noFileOutside(String... names) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      assertThat(files.map(file -> file.getFileName().toString())).doesNotContain(names);
    }
  }

  @Test
  void aClaimOfThreeGibibytesIsRefusedBeforeAByteIsRead() throws IOException {
    Answer answer =
        http.send(
            "POST", "/api/recordings?name=x", "", cookie, OCTETS, "Content-Length: 3221225472");

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.body()).contains("faultscope.upload-limit");
  }

  @Test
  void aChunkedBodyThatExceedsTheLimitIsRefusedAndLeavesNothing() throws IOException {
    String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
    Answer answer =
        http.send(
            "POST",
            "/api/recordings?name=x",
            "",
            cookie,
            OCTETS,
            "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5) + "0");

    assertThat(answer.status()).isEqualTo(413);
    try (Stream<Path> files = Files.list(dir.resolve("data/spool"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aZipOfNothingIsRefusedInWords() throws IOException {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    new ZipOutputStream(zip).close();

    Answer answer = upload("?name=nothing.zip", zip.toString(ISO_8859_1));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).contains("detail").doesNotContain("Exception", "upload-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u007fELF what is this", "\n\n\n", "just some words"})
  void whatIsNoRecordingIsRefusedInWords(String content) throws IOException {
    assertThat(upload("?name=x", content).status()).isEqualTo(422);
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Answer answer =
        http.send("POST", "/api/recordings?name=x", "", cookie, OCTETS, "Content-Length: 0");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).contains("empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2F..%2F..%2Fescape.txt",
        "%2Fetc%2Fescape.txt",
        "..%5Cescape.txt",
        "a%00escape.txt",
        "escape.txt"
      })
  void aFileNameIsALabelAndNeverAPath(String name) throws IOException {
    Answer answer = upload("?name=" + name, TRACE);

    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(answer.body()).containsPattern("\"id\":\"[0-9a-f]{16}\"");
    noFileOutside("escape.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "..%2F..%2Fetc%2Fpasswd",
        "%2e%2e",
        "sample-..%2fx",
        "0123456789abcdef%2f..",
        "0123456789abcdef;x=1"
      })
  void anIdThatIsNoneNamesNothing(String id) throws IOException {
    for (String what :
        new String[] {"", "/export?format=ndjson", "/events", "/page?region=0&page=0&seq=0"}) {
      assertThat(http.get("/api/recordings/" + id + what, cookie).status())
          .as(id + what)
          .isIn(400, 404);
    }
    assertThat(http.send("DELETE", "/api/recordings/" + id, "", cookie).status())
        .isIn(400, 404, 405);
    assertThat(http.get("/explore/" + id, cookie).status()).isIn(400, 404);
  }

  @Test
  void aFormCannotUpload() throws IOException {
    Answer answer =
        http.send(
            "POST",
            "/api/recordings",
            "name=x",
            cookie,
            "Content-Type: application/x-www-form-urlencoded");

    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void regionsThatMakeNoSenseAreRefused() throws IOException {
    Answer answer = upload("?name=x&region=nonsense", TRACE);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body()).contains("nonsense").contains("0xBASE+SIZE=NAME");
  }

  @Test
  void questionsOutOfRangeAreAnsweredWithTheRange() throws IOException {
    String id = upload("?name=x", TRACE).body().replaceAll("(?s).*\"id\":\"([0-9a-f]+)\".*", "$1");
    String base = "/api/recordings/" + id;

    assertThat(http.get(base + "/lanes?fromNs=5&toNs=1&px=100", cookie).body())
        .contains("toNs must be after fromNs");
    assertThat(http.get(base + "/lanes?fromNs=0&toNs=1&px=100000", cookie).body())
        .contains("1..4096");
    assertThat(http.get(base + "/causes?seq=99999", cookie).status()).isEqualTo(400);
    assertThat(http.get(base + "/why?seq=99999", cookie).body()).contains("must be in 1..");
    assertThat(http.get(base + "/why?seq=0&region=0&page=0", cookie).status()).isEqualTo(400);
    assertThat(http.get(base + "/why?seq=1", "").status()).isEqualTo(401);
    assertThat(http.get(base + "/events?from=1&count=5000", cookie).body()).contains("1..4096");
    assertThat(http.get(base + "/search?query=kind%20%3D%20nothing", cookie).body())
        .contains("\"position\":7");
    assertThat(http.get(base + "/lanes?fromNs=x&toNs=1", cookie).status()).isEqualTo(400);
  }
}
