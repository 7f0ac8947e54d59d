package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The whole tour without a mouse. */
@Journey
class KeyboardJourneyTest extends Visiting {
  private static final int MOST_TABS = 60;

  @Test
  void everythingCanBeReached() {
    visitor.await("samples", () -> visitor.count(".fs-recording") >= 3);
    visitor.tabTo("the jump to the samples", () -> visitor.focusedText().equals("Samples"));
    visitor.press(Keys.ENTER);
    visitor.tabTo("the sample", () -> visitor.focusedText().contains(Visitor.TWO_VCPUS));
    visitor.press(Keys.ENTER);
    visitor.awaitLive();
    visitor.awaitFirstFault();

    long seq = visitor.seq();
    visitor.press(Keys.ARROW_RIGHT);
    visitor.awaitSeq(seq + 1);
    visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    visitor.await("the next fault", () -> visitor.seq() > seq + 1);

    visitor.press("g");
    visitor.await("the grid", () -> visitor.focusedIs(".fs-space__surface"));
    String title = visitor.text(".fs-inspector__title");
    visitor.press(Keys.ARROW_DOWN);
    visitor.await("another page", () -> !visitor.text(".fs-inspector__title").equals(title));
    assertThat(visitor.content("#space-spoken")).startsWith("page 0x");
    visitor.press(Keys.ENTER);
    visitor.await("the inspector", () -> visitor.focusedIs(".fs-inspector__title"));

    visitor.press("3");
    visitor.await("rows", () -> visitor.count(".fs-table__row") > 5);
    visitor.press("g");
    visitor.await("the table", () -> visitor.focusedIs(".fs-table"));
    assertThat(Long.parseLong(visitor.attribute(".fs-table", "aria-rowcount"))).isGreaterThan(1000);
    long before = visitor.seq();
    visitor.press(Keys.ARROW_DOWN);
    visitor.await("the row's moment", () -> visitor.seq() == before + 1);

    visitor.press("2");
    visitor.await("the time lens", () -> visitor.find("#panel-time").isDisplayed());
    visitor.press("1");
    visitor.await("the space lens", () -> visitor.find("#panel-space").isDisplayed());

    visitor.press("?");
    visitor.await("the key sheet", () -> visitor.count("dialog[open] .fs-sheet__command") > 30);
    visitor.press(Keys.ESCAPE);
    visitor.await("the sheet to close", () -> visitor.count("dialog[open]") == 0);

    visitor.press(">");
    visitor.type("last moment");
    visitor.press(Keys.ENTER);
    visitor.await("the end", () -> !visitor.find("[aria-label^='Last moment']").isEnabled());
  }

  @Test
  void focusIsAlwaysSeenAndNeverTrapped() {
    visitor.openSample(Visitor.TWO_VCPUS);
    visitor.awaitFirstFault();
    boolean returned = false;
    for (int i = 0; i < MOST_TABS && !returned; i++) {
      visitor.press(Keys.TAB);
      returned = i > 10 && visitor.focusedIs(".fs-top-bar__home");
    }
    assertThat(returned).as("Tab goes once round the page").isTrue();
  }
}
