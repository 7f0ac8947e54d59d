package dev.faultscope.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.web.RawHttp;
import dev.faultscope.web.RawHttp.Answer;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "faultscope.token=" + AccessTest.TOKEN,
      "faultscope.data-dir=target/test-data/access",
      "faultscope.allowed-hosts=lab.example"
    })
class AccessTest {
  static final String TOKEN = "a-token-for-the-access-test";

  @LocalServerPort int port;
  private RawHttp http;

  @BeforeEach
  void connect() {
    http = new RawHttp(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost:8080@evil.example",
        "localhost.",
        "[::1]evil"
      })
  void aForeignHostIsRefusedEverywhere(String host) throws IOException {
    for (String path : new String[] {"/", "/api/recordings", "/app/base/assert.js", "/healthz"}) {
      Answer answer = http.get(path, "Host: " + host, http.cookie(TOKEN));

      // Tomcat itself answers 400 where the header is no host at all.
      assertThat(answer.status()).as(path).isIn(403, 400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:99", "[::1]:8080", "lab.example"})
  void ownNamesAreServed(String host) throws IOException {
    assertThat(http.get("/healthz", "Host: " + host).status()).isEqualTo(200);
  }

  @Test
  void withoutTheTokenAPageExplainsHowToGetItAndTheInterfaceRefuses() throws IOException {
    Answer page = http.get("/explore/sample-two");
    Answer api = http.get("/api/recordings");

    assertThat(page.status()).isEqualTo(401);
    assertThat(page.text()).contains("Open the printed link").contains("/boot/unlock.js");
    assertThat(api.status()).isEqualTo(401);
    assertThat(api.header("Content-Type")).startsWith("application/problem+json");
  }

  @Test
  void theTokenIsExchangedForAStrictCookieThatNamesThePort() throws IOException {
    Answer answer =
        http.send(
            "POST",
            "/auth",
            "{\"token\":\"" + TOKEN + "\"}",
            "Content-Type: application/json",
            "Origin: http://" + http.host());

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Set-Cookie"))
        .startsWith("faultscope-" + port + "=")
        .contains("HttpOnly")
        .contains("SameSite=Strict")
        .doesNotContain(TOKEN);
    assertThat(http.get("/", http.cookie(TOKEN)).status()).isEqualTo(200);
  }

  @Test
  void aWrongTokenOpensNothing() throws IOException {
    Answer answer =
        http.send("POST", "/auth", "{\"token\":\"wrong\"}", "Content-Type: application/json");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("Set-Cookie")).isEmpty();
    assertThat(http.get("/", "Cookie: faultscope-" + port + "=wrong").status()).isEqualTo(401);
    assertThat(http.get("/api/recordings", "Authorization: Bearer wrong").status()).isEqualTo(401);
  }

  @Test
  void aScriptMaySendTheTokenItself() throws IOException {
    assertThat(http.get("/", "Authorization: Bearer " + TOKEN).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "evil"})
  void aForeignOriginMayNotChangeAnything(String origin) throws IOException {
    String cookie = http.cookie(TOKEN);

    for (String method : new String[] {"POST", "DELETE", "PUT"}) {
      Answer answer = http.send(method, "/api/recordings/x", "", cookie, "Origin: " + origin);
      assertThat(answer.status()).as(method).isEqualTo(403);
    }
  }

  @Test
  void aPageOfAnotherPortOrSiteMayNotFetchButItsLinksMayBeFollowed() throws IOException {
    String cookie = http.cookie(TOKEN);

    for (String site : new String[] {"cross-site", "same-site"}) {
      String from = "Sec-Fetch-Site: " + site;
      assertThat(http.get("/api/recordings", cookie, from, "Sec-Fetch-Mode: no-cors").status())
          .isEqualTo(403);
      assertThat(
              http.get("/", cookie, from, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe")
                  .status())
          .isEqualTo(403);
      assertThat(
              http.get("/", cookie, from, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")
                  .status())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/../api/recordings",
        "/app/..;/api/recordings",
        "/app/%2e%2e/api/recordings",
        "/app/;x=/../../api/recordings",
        "//api/recordings",
        "/./api/recordings"
      })
  void noSpellingOfAPathGoesAroundTheToken(String path) throws IOException {
    assertThat(http.get(path).status()).isIn(400, 401, 403, 404);
  }

  @Test
  void everyAnswerForbidsForeignContentAndFraming() throws IOException {
    Answer page = http.get("/", http.cookie(TOKEN));

    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'")
        .contains("script-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    String nonce = page.header("Content-Security-Policy").replaceAll(".*'nonce-([^']+)'.*", "$1");
    assertThat(page.text()).contains("<script type=\"importmap\" nonce=\"" + nonce + "\"");
    assertThat(http.get("/", http.cookie(TOKEN)).header("Content-Security-Policy"))
        .as("a nonce is good for one answer")
        .doesNotContain(nonce);
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(page.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    assertThat(page.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    assertThat(page.text()).doesNotContain("<script>").doesNotContain("http://www.");
  }

  @Test
  void scriptsAreCheckedByTheirContentWithEveryUse() throws IOException {
    Answer first = http.get("/boot/theme.js");

    assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(first.header("Last-Modified")).isEmpty();
    assertThat(http.get("/boot/theme.js", "If-None-Match: " + first.header("ETag")).status())
        .isEqualTo(304);
    assertThat(http.get("/boot/theme.js", "If-None-Match: \"other\"").status()).isEqualTo(200);
  }

  @Test
  void aPageThatIsNotThereSaysSoInWords() throws IOException {
    Answer page = http.get("/nowhere", http.cookie(TOKEN), "Accept: text/html");

    assertThat(page.status()).isEqualTo(404);
    assertThat(page.text()).contains("Nothing here").doesNotContain("Exception");
  }
}
