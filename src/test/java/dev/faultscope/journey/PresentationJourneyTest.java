package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A recording before an audience, and in somebody's page. */
@Journey
class PresentationJourneyTest extends Visiting {
  /** Serves a page of the same machine, as notes or slides; the setting names it. */
  private static final HttpServer NAMED = server();

  /** Serves the same, and nobody has named it. */
  private static final HttpServer STRANGER = server();

  private static final String MOMENT = "#seq=11&page=0:0x7&lens=space&layer=fault";
  private static final List<String> AROUND =
      List.of(".fs-frame__bar", ".fs-frame__left", ".fs-frame__right", ".fs-lenses");

  /** The setting is read as the program starts: the port has to be known before. */
  @DynamicPropertySource
  static void embedAncestors(DynamicPropertyRegistry registry) {
    registry.add("faultscope.embed-ancestors", () -> addressOf(NAMED));
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stopServers() {
    NAMED.stop(0);
    STRANGER.stop(0);
  }

  private static String addressOf(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void presentationIsEnteredSteppedAndLeftByKeyboardAndIsInTheLink() throws IOException {
    visitor.open("/explore/sample-two-vcpus" + MOMENT);
    visitor.awaitLive();
    visitor.awaitSeq(11);
    visitor.press(Keys.SHIFT, "p");
    visitor.await("the address", () -> visitor.path().contains("?present=1#"));
    awaitBare();
    long seq = visitor.seq();
    visitor.press(Keys.ARROW_RIGHT);
    visitor.awaitSeq(seq + 1);
    visitor.await("the sentence", () -> !visitor.text(".fs-narrator").isEmpty());
    for (int width : new int[] {640, 1024, 1920}) {
      visitor.browser().resize(width, width * 9 / 16);
      assertThat(visitor.<Boolean>script(SAID_WHOLE)).as("whole at " + width).isTrue();
      visitor.browser().screenshot("present-" + width);
    }

    visitor.open("/explore/sample-two-vcpus?present=1" + MOMENT);
    visitor.awaitLive();
    visitor.awaitSeq(11);
    awaitBare();
    visitor.press(Keys.ESCAPE);
    visitor.await("everything", () -> AROUND.stream().allMatch(this::isShown));
    assertThat(visitor.path()).doesNotContain("present").contains("seq=11");
  }

  @Test
  void aFrameOfANamedPageShowsTheMomentAndLeadsToTheProgram() throws IOException {
    serve(NAMED);
    serve(STRANGER);
    visitor.browser().driver().get(addressOf(NAMED) + "/");
    visitor.browser().driver().switchTo().frame(0);
    visitor.await("the picture", () -> visitor.attribute("#app", "data-seq").equals("11"));
    awaitBare();
    assertThat(isShown(".fs-run")).isFalse();
    assertThat(visitor.attribute(".fs-embed__open", "href"))
        .startsWith("/explore/sample-two-vcpus#seq=11&page=0:0x7");
    assertThat(visitor.text(".fs-narrator")).isNotEmpty();
    visitor.browser().driver().switchTo().defaultContent();
    visitor.browser().screenshot("embed");

    visitor.browser().driver().get(addressOf(STRANGER) + "/");
    visitor.browser().driver().switchTo().frame(0);
    assertThat(visitor.count("#app")).as("in a frame of a page that is not named").isZero();
  }

  private void serve(HttpServer server) {
    byte[] text =
        ("<!doctype html><title>Notes</title><h1>Notes</h1><iframe width=800 height=400 src='"
                + ("http://127.0.0.1:" + port + "/embed/sample-two-vcpus" + MOMENT)
                + "'></iframe>")
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
  }

  private static final String SAID_WHOLE =
      """
      const said = document.querySelector('.fs-narrator');
      return said.scrollHeight <= said.clientHeight + 1 && said.getBoundingClientRect().bottom <= innerHeight;
      """;

  private void awaitBare() {
    visitor.await("no bars", () -> AROUND.stream().noneMatch(this::isShown));
    assertThat(visitor.find(".fs-space__surface canvas").isDisplayed()).isTrue();
    assertThat(visitor.find(".fs-narrator").isDisplayed()).isTrue();
  }

  private boolean isShown(String css) {
    return visitor.find(css).isDisplayed();
  }
}
