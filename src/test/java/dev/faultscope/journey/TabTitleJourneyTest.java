package dev.faultscope.journey;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A person with many tabs finds the one that they want. */
@Journey
class TabTitleJourneyTest extends Visiting {
  @Test
  void everyTabNamesItsPageAndWhatItIsAbout() {
    awaitTitle("Recordings and scenarios · Faultscope");
    visitor.await("samples", () -> visitor.count(".fs-recording") >= 3);
    String sample = visitor.text("[data-recording='sample-two-vcpus'] a");
    visitor.open("/live");
    awaitTitle("Live · Faultscope");
    visitor.open("/probe");
    awaitTitle("This machine · Faultscope");
    visitor.open("/scenario?copy=postcopy");
    awaitTitle(
        "Postcopy migration, the guest runs before its memory arrives · Scenario · Faultscope");
    visitor.open("/compare?scenario=postcopy");
    awaitTitle(
        "Postcopy migration, the guest runs before its memory arrives · Handlers compared ·"
            + " Faultscope");
    visitor.open("/explore/sample-two-vcpus");
    awaitTitle(sample + " · recording · Faultscope");
    visitor.open("/nowhere");
    awaitTitle("Nothing here · Faultscope");
  }

  @Test
  void theTabOfARunSaysWhenItIsARecording() {
    visitor.await("the gallery", () -> visitor.count("[data-scenario='v1-race']") == 1);
    visitor.find("[data-scenario='v1-race'] button").click();
    RunPage run = new RunPage(visitor);
    run.await();
    String title = visitor.text(".fs-top-bar__title");
    awaitTitle(title + " · simulated run · Faultscope");
    run.press("End");
    awaitTitle(title + " · recording · Faultscope");
  }

  private void awaitTitle(String title) {
    visitor.await(
        "the tab " + title, () -> Objects.equals(visitor.browser().driver().getTitle(), title));
  }
}
