package dev.faultscope.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.faultscope.web.RawHttp;
import dev.faultscope.web.RawHttp.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "faultscope.token=" + FrameAncestorsTest.TOKEN,
      "faultscope.data-dir=target/test-data/frame-ancestors",
      "faultscope.embed-ancestors=http://notes.example:3000, https://slides.example"
    })
class FrameAncestorsTest {
  static final String TOKEN = "a-token-for-the-frames-test";
  private static final String[] FRAMED = {
    "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"
  };

  @LocalServerPort int port;

  @Test
  void onlyAnEmbeddedRecordingMayBeFramedAndOnlyByWhoIsNamed() throws IOException {
    RawHttp http = new RawHttp(port);
    String cookie = http.cookie(TOKEN);
    Answer embed = http.get("/embed/sample-two-vcpus", cookie, FRAMED[0], FRAMED[1], FRAMED[2]);
    assertThat(embed.status()).isEqualTo(200);
    assertThat(embed.header("Content-Security-Policy"))
        .endsWith("frame-ancestors http://notes.example:3000 https://slides.example");
    assertThat(embed.header("X-Frame-Options")).isNullOrEmpty();

    assertThat(http.get("/embed/nothing", cookie).status()).isEqualTo(404);
    for (String other : List.of("/", "/explore/sample-two-vcpus", "/embed/..;/live", "/live")) {
      assertThat(http.get(other, cookie, FRAMED[0], FRAMED[1], FRAMED[2]).status())
          .as(other)
          .isIn(400, 403);
      assertThat(http.get("/", cookie).header("Content-Security-Policy"))
          .endsWith("frame-ancestors 'none'");
    }
    assertThat(http.get("/embed/sample-two-vcpus", FRAMED[0], FRAMED[1], FRAMED[2]).status())
        .as("without the cookie")
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "notes.example", "http://*.example", "http://a.example; script-src *", ""})
  void whatIsNoOriginIsRefusedWithTheRemedy(String origin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FrameAncestors(List.of(origin)))
        .withMessageContaining("as in http://localhost:3000");
  }

  @Test
  void withoutASettingNothingMayBeFramed() {
    FrameAncestors nobody = new FrameAncestors(List.of());
    assertThat(nobody.mayFrame("/embed/sample-two-vcpus")).isFalse();
    assertThat(nobody.sources("/embed/sample-two-vcpus")).isEqualTo("'none'");
  }
}
