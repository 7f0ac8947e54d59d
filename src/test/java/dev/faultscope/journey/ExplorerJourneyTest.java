package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** A person opens a real recording and walks through it. */
@Journey
class ExplorerJourneyTest extends Visiting {
  @BeforeEach
  void open() throws IOException {
    visitor.openSample(Visitor.TWO_VCPUS);
    visitor.awaitFirstFault();
  }

  @Test
  void theTwoVcpuSampleShowsGridLanesAndQueue() throws IOException {
    assertThat(visitor.count(".fs-region")).isPositive();
    assertThat(visitor.count(".fs-queue__row")).isEqualTo(1);
    assertThat(visitor.text(".fs-queue__row")).contains("vCPU");
    assertThat(visitor.text(".fs-narrator")).contains("vCPU");
    visitor.await("lanes", () -> coloured(".fs-frame__bottom .fs-lanes__surface canvas") > 3);
    visitor.await("the causal chain", () -> visitor.count(".fs-chain__link") > 1);
    assertThat(coloured(".fs-space__surface canvas")).isGreaterThan(3);
    visitor.browser().screenshot("explorer");
  }

  @Test
  void tenStepsForwardAndTenBackReturnToTheSamePicture() {
    long start = visitor.seq();
    String before = visitor.gridPixels();

    visitor.step(Keys.ARROW_RIGHT, 10);
    assertThat(visitor.gridPixels()).isNotEqualTo(before);
    visitor.step(Keys.ARROW_LEFT, 10);

    assertThat(visitor.seq()).isEqualTo(start);
    assertThat(visitor.gridPixels()).isEqualTo(before);
  }

  @Test
  void saveAsListsEveryFormByKeyboardAlone() throws IOException {
    visitor.press(">");
    visitor.type("save as");
    visitor.press(Keys.ENTER);
    visitor.await("the menu", () -> focused().contains("Faultscope recording"));
    visitor.browser().screenshot("save-as");
    visitor.press(Keys.ARROW_DOWN);
    assertThat(focused()).contains(".ndjson");
    visitor.press(Keys.ARROW_DOWN);
    assertThat(focused()).as("round again").contains(".fscope");
    visitor.press(Keys.ARROW_UP);
    String saved =
        visitor.script(
            """
            const link = document.activeElement;
            return fetch(link.href).then((answer) => answer.text());
            """);
    assertThat(saved).startsWith("{\"faultscope\":\"ndjson\"");
    long before = visitor.seq();
    visitor.press(Keys.ESCAPE);
    assertThat(
            visitor.<Boolean>script(
                "return document.querySelector('#save-menu').matches(':popover-open')"))
        .isFalse();
    assertThat(visitor.seq()).as("no key of the menu moved the moment").isEqualTo(before);
  }

  private String focused() {
    return visitor.script("return document.activeElement.textContent");
  }

  @Test
  void aBadPredicateIsShownWithACaretWhereItStopsMakingSense() {
    visitor.press(":");
    visitor.type("latency > soon");
    visitor.press(Keys.ENTER);

    visitor.await("the error", () -> visitor.count(".fs-omnibox__caret") == 1);
    String[] lines = visitor.content(".fs-omnibox__error pre").split("\n");
    assertThat(lines[0]).isEqualTo("latency > soon");
    assertThat(lines[1].indexOf('^')).isEqualTo("latency > ".length());
    assertThat(visitor.text(".fs-omnibox__error p")).isNotBlank();
  }

  @Test
  void aPredicateFindsItsHitsAndF5WalksThem() {
    long start = visitor.seq();
    visitor.press(":");
    visitor.type("kind = ioctl");
    visitor.press(Keys.ENTER);
    visitor.await("hits", () -> visitor.text(".fs-omnibox__hits").contains("hits"));

    visitor.press(Keys.ESCAPE);
    visitor.press(Keys.F5);
    visitor.await("the first hit", () -> visitor.seq() > start);
    long first = visitor.seq();
    visitor.press(Keys.F5);
    visitor.await("the second hit", () -> visitor.seq() > first);
    visitor.press(Keys.SHIFT, Keys.F5);
    visitor.awaitSeq(first);
  }

  @Test
  void aLinkOpensTheSameView() {
    visitor.step(Keys.ARROW_RIGHT, 7);
    visitor.await("the address", () -> visitor.path().contains("seq=" + visitor.seq()));
    String link = visitor.path();
    long seq = visitor.seq();
    String title = visitor.text(".fs-inspector__title");
    String grid = visitor.gridPixels();

    visitor.open("/");
    visitor.open(link);

    visitor.awaitLive();
    visitor.awaitSeq(seq);
    visitor.await("the page", () -> visitor.text(".fs-inspector__title").equals(title));
    visitor.await("the same grid", () -> visitor.gridPixels().equals(grid));
  }

  @Test
  void twoWindowsLookAtDifferentMoments() throws IOException {
    long mine = visitor.seq();
    try (Visitor other = Visitor.at(port)) {
      other.openSample(Visitor.TWO_VCPUS);
      other.awaitFirstFault();
      other.step(Keys.ARROW_RIGHT, 5);

      assertThat(other.seq()).isEqualTo(mine + 5);
      assertThat(visitor.seq()).isEqualTo(mine);
      visitor.step(Keys.ARROW_RIGHT, 2);
      assertThat(visitor.seq()).isEqualTo(mine + 2);
      assertThat(other.seq()).isEqualTo(mine + 5);
    }
  }

  @Test
  void playingMovesByItselfUntilItIsPaused() {
    long start = visitor.seq();
    visitor.press(" ");
    visitor.await("some moments to pass", () -> visitor.seq() > start + 3);
    visitor.press(" ");
    visitor.await(
        "the pause",
        () -> visitor.attribute(".fs-transport__button--play", "aria-label").startsWith("Play"));
    long paused = visitor.seq();
    visitor.press(Keys.ARROW_LEFT);
    visitor.awaitSeq(paused - 1);
  }

  @Test
  void oneWaitingFaultAmongSixteenMillionPagesIsSeen() throws IOException {
    String script = Files.readString(Path.of("frontend", "test", "browser", "lonely-fault.js"));
    Object answer = visitor.browser().driver().executeAsyncScript(script);

    assertThat(answer)
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("without", 0L)
        .containsEntry("found", 1L);
  }

  /** How many colours a canvas shows: an empty one has one or two. */
  private long coloured(String canvas) {
    return visitor.script(
        """
        const canvas = document.querySelector(arguments[0]);
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
        """,
        canvas);
  }
}
