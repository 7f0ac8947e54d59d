package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** From a page, a queue entry and a row to the fault behind it, without a mouse. */
@Journey
class WhyJourneyTest extends Visiting {
  private static final String FILE = "sample-traces/b_kvm_2vcpu_rand_pvm.trace.txt";
  private static final String DIALOG = "dialog.fs-why[open]";

  @BeforeEach
  void arrive() throws IOException {
    visitor.openSample(Visitor.TWO_VCPUS);
    visitor.awaitFirstFault();
  }

  @Test
  void oneKeyTellsTheFaultOfTheMomentAndAnArrowGoesThere() {
    visitor.awaitSeq(5);
    ask();
    assertThat(visitor.text("#why-title")).startsWith("Why? #5");
    assertThat(visitor.attribute(".fs-why__step:focus", "data-seq")).isEqualTo("5");
    List<String> lanes =
        visitor.script(
            "return [...document.querySelectorAll('.fs-why__lane b')].map((e) => e.textContent)");
    assertThat(lanes).containsExactly("KVM", "host mm", "userfaultfd", "handler");
    assertThat(visitor.content(".fs-why__step[data-seq='6'] .fs-why__gap"))
        .contains("44")
        .contains("µs");

    visitor.press(Keys.END);
    assertThat(visitor.attribute(".fs-why__step:focus", "data-seq")).isEqualTo("14");
    visitor.press(Keys.ENTER);
    visitor.awaitSeq(14);
    assertThat(visitor.count(DIALOG)).isZero();

    ask();
    visitor.press(Keys.ESCAPE);
    visitor.await("the dialog to close", () -> visitor.count(DIALOG) == 0);
  }

  @Test
  void copiedFormsAreWhatTheCommandLinePrints() {
    visitor.awaitSeq(5);
    visitor.script(
        """
        window.copied = [];
        const real = navigator.clipboard.writeText.bind(navigator.clipboard);
        navigator.clipboard.writeText = (text) => { window.copied.push(text); return real(text); };
        return true;
        """);
    ask();
    for (String form : List.of("text", "mermaid", "plantuml")) {
      visitor.tabTo("copy " + form, () -> visitor.focusedText().equalsIgnoreCase("Copy " + form));
      visitor.press(Keys.ENTER);
      String expected = CommandLine.prints("why", FILE, "5", "--format", form);
      visitor.await(
          form + " is copied",
          () ->
              visitor.<Boolean>script(
                  "return window.copied.length > 0 && window.copied.at(-1) === arguments[0]",
                  expected));
    }
  }

  @Test
  void queueEntryRowAndPageAreAskedAboutWhereTheKeyboardIs() throws IOException {
    visitor.awaitSeq(5);
    visitor.tabTo("the queue", () -> visitor.focusedIs(".fs-queue__row"));
    ask();
    assertThat(visitor.text("#why-title")).startsWith("Why? #5");
    visitor.press(Keys.ESCAPE);
    visitor.await("the focus to return", () -> visitor.focusedIs(".fs-queue__row"));

    visitor.press("3");
    visitor.await("rows", () -> visitor.count(".fs-table__row") > 5);
    visitor.press("g");
    visitor.await("the table", () -> visitor.focusedIs(".fs-table"));
    visitor.press(Keys.ARROW_DOWN);
    visitor.awaitSeq(6);
    for (long seq = 7; seq <= 17; seq++) {
      visitor.press(Keys.ARROW_DOWN);
      visitor.awaitSeq(seq);
    }
    ask();
    assertThat(visitor.text("#why-title")).startsWith("Why? #17");
    assertThat(visitor.text(".fs-why__row--missing")).contains("read: not recorded");
    assertThat(visitor.text(".fs-why__meanwhile"))
        .contains("Meanwhile (12 µs)")
        .contains("handling 6 µs · not known 6 µs · read 1 message · CONTINUE × 1")
        .contains("1 other wait: 1 begun before it, 0 after");
    JsonNode told = CommandLine.json("why", FILE, "17", "--format", "json").path("meanwhile");
    assertThat(told.path("toNs").asLong() - told.path("fromNs").asLong()).isEqualTo(12_000);
    assertThat(told.at("/handlers/0/handlingNs").asLong()).isEqualTo(6_000);
    assertThat(told.at("/others/before").asLong()).isEqualTo(1);
    visitor.browser().screenshot("why-meanwhile");
    visitor.tabTo(
        "who else waited", () -> visitor.focusedText().startsWith("vCPU 1, for page 0x3"));
    visitor.press(Keys.ENTER);
    visitor.await("its story", () -> visitor.text("#why-title").startsWith("Why? #13"));
    visitor.press(Keys.ESCAPE);
    visitor.await("the focus to return", () -> visitor.focusedIs(".fs-table"));
    ask();
    assertThat(visitor.text("#why-title")).startsWith("Why? #17");
    visitor.tabTo("the other fault", () -> visitor.focusedText().contains("another message: #13"));
    visitor.press(Keys.ENTER);
    visitor.await("its story", () -> visitor.text("#why-title").startsWith("Why? #13"));
    visitor.press(Keys.ESCAPE);
    visitor.await("the focus to return", () -> visitor.focusedIs(".fs-table"));

    // The row selected its page: the inspector's button tells what happened to it last.
    visitor.tabTo("the inspector's button", () -> visitor.focusedText().equals("Why?"));
    visitor.press(Keys.ENTER);
    visitor.await("a story", () -> visitor.count(DIALOG + " .fs-why__step") > 0);
    assertThat(visitor.text("#why-title")).startsWith("Why? #17");
    visitor.press(Keys.ESCAPE);
    visitor.await("the focus to return", () -> visitor.focusedText().equals("Why?"));
  }

  @Test
  void drawingCutsNothingOffAtAnyWidthInBothThemesAndInForcedColours() throws IOException {
    visitor.openSample("One vCPU with nested paging");
    visitor.awaitFirstFault();
    for (String theme : List.of("light", "dark")) {
      visitor.script("document.documentElement.dataset.theme = arguments[0]; return true", theme);
      for (int width : new int[] {1024, 1920}) {
        visitor.browser().resize(width, width * 9 / 16);
        look(theme + "-" + width, width);
      }
    }
    visitor
        .browser()
        .driver()
        .executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "forced-colors", "value", "active"))));
    look("forced", 1920);
  }

  private void look(String name, int width) throws IOException {
    ask();
    List<String> cut =
        visitor.script(
            """
            return [...document.querySelectorAll('.fs-why span, .fs-why button')]
                .filter((e) => getComputedStyle(e).display !== 'inline')
                .filter((e) => !e.matches('.fs-why__arrow, .fs-why__line'))
                .filter((e) => e.scrollWidth > e.clientWidth + 1)
                .map((e) => e.className + ': ' + e.textContent);
            """);
    assertThat(cut).as(name).isEmpty();
    Boolean fits =
        visitor.script(
            """
            const story = document.querySelector('.fs-why__story');
            const { left, right } = document.querySelector('.fs-why').getBoundingClientRect();
            return story.scrollWidth <= story.clientWidth && left >= 0 && right <= arguments[0];
            """,
            width);
    assertThat(fits).as(name).isTrue();
    visitor.browser().screenshot("why-" + name);
    visitor.press(Keys.ESCAPE);
    visitor.await("the dialog to close", () -> visitor.count(DIALOG) == 0);
  }

  private void ask() {
    visitor.press("e");
    visitor.await("a story", () -> visitor.find(DIALOG + " .fs-why__step").isDisplayed());
  }
}
