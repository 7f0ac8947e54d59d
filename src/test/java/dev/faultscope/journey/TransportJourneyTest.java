package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** There is one place to move in time, whatever is open. */
@Journey
class TransportJourneyTest extends Visiting {
  private static final String TRANSPORT = "footer .fs-transport ";

  @Test
  void recordingAndRunHaveTheSameWaysToMoveInOnePlaceAndARunGoesOnFromThere() throws IOException {
    visitor.openSample(Visitor.TWO_VCPUS);
    visitor.awaitFirstFault();
    List<String> ofARecording = ways();
    assertThat(ofARecording).hasSizeGreaterThan(7).noneMatch(name -> name.startsWith("Run"));
    assertThat(visitor.find(".fs-run").isDisplayed()).isFalse();
    long fault = visitor.seq();
    click("Next decision");
    visitor.await("a decision", () -> visitor.seq() > fault && narration().contains("PTE"));

    visitor.open("/");
    visitor.await("the gallery", () -> visitor.count(".fs-scenario__open") > 0);
    visitor.script(
        """
        [...document.querySelectorAll('.fs-scenario__open')]
          .find((open) => open.textContent.includes('first version')).click();
        return true;
        """);
    RunPage run = new RunPage(visitor);
    run.await();
    assertThat(visitor.count("footer .fs-run")).isOne();
    assertThat(visitor.count(".fs-frame__bands .fs-run")).isZero();
    assertThat(ways()).containsAll(ofARecording).anyMatch(name -> name.startsWith("Run at"));
    visitor.await("its end", () -> total() == visitor.seq());
    long end = visitor.seq();
    click("Step (");
    visitor.await("one more thing", () -> visitor.seq() > end);
    toTheEnd();
    long before = visitor.seq();
    click("Next decision");
    visitor.await("a decision", () -> visitor.seq() > before);
    click("Step back");
    visitor.await("one back", () -> visitor.seq() < total());
    toTheEnd();
    for (int width : new int[] {640, 1024, 1280, 1920}) {
      visitor.browser().resize(width, width * 9 / 16);
      visitor.browser().screenshot("transport-" + width);
    }
    visitor.browser().resize(640, 360);
    int covered = visitor.find(TRANSPORT).getSize().getHeight();
    assertThat(covered).as("at 200 % the picture keeps most of the page").isLessThan(180);
    assertThat(Axe.findings(visitor.browser().driver())).isEmpty();

    visitor.browser().resize(1280, 720);
    visitor.look("transport");
    run.press("Run");
    visitor.await("the end", () -> run.state().startsWith("Over"));
    assertThat(visitor.text(".fs-run__counts")).contains("15 expectations held");
    run.press("End");
    visitor.await("ended", () -> run.state().startsWith("Ended"));
    // What was recorded stays, and so do the ways to move in it.
    click("First moment");
    visitor.awaitSeq(0);
    click("Step (");
    visitor.awaitSeq(1);
  }

  /** Names of the buttons that move, as a person who cannot see them hears them. */
  private List<String> ways() {
    return visitor.script(
        """
        return [...document.querySelectorAll(arguments[0] + 'button')]
          .filter((button) => button.checkVisibility() && !button.closest('.fs-scrub, .fs-transport__where'))
          .map((button) => button.ariaLabel ?? button.textContent);
        """,
        TRANSPORT);
  }

  private void click(String name) {
    WebElement button = visitor.find(TRANSPORT + "button[aria-label^='" + name + "']");
    visitor.await(name + " can be done", button::isEnabled);
    button.click();
  }

  private void toTheEnd() {
    visitor.press(Keys.END);
    visitor.await("the end", () -> total() == visitor.seq());
  }

  private long total() {
    String[] where = visitor.content(".fs-transport__where > div").split("/", 2);
    return Long.parseLong(where[1].replaceAll("\\D", ""));
  }

  private String narration() {
    return visitor.text("[data-narration]");
  }
}
