package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Hostage;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** A person watches a process whose handler is somebody else's. */
@Journey
@Requires({Requirement.UFFD, Requirement.BROWSER})
class WatchJourneyTest extends Visiting {
  private static final String STATE = ".fs-live__state";
  private static final String SEEN = ".fs-live__seen";

  @BeforeEach
  void arrive() throws IOException {
    visitor.open("/live");
  }

  @Test
  void aProcessIsFoundWatchedAndLeftAlone() throws Exception {
    String row;
    try (Hostage hostage = new Hostage("anon", "64")) {
      hostage.tell("touch 3");
      row = "[data-pid='" + hostage.pid() + "']";
      visitor.await("the process", () -> visitor.text(row).contains("1 unread"));
      visitor.find(".fs-watch input").sendKeys("no such process");
      visitor.await("none", () -> visitor.count(row) == 0);
      visitor.press(Keys.CONTROL, "a");
      visitor.find(".fs-watch input").sendKeys("hostage " + hostage.pid());
      visitor.await("the process again", () -> visitor.count(row) == 1);
      picture("watch-list");
      visitor.find(row + " button").sendKeys(Keys.ENTER);

      visitor.awaitLive();
      visitor.await("a sample", () -> visitor.text(SEEN).contains("1 thread asleep"));
      assertThat(visitor.text(STATE)).contains("10 samples a second; nothing is touched");
      hostage.tell("copy 3 7");
      visitor.await("the page", () -> visitor.text(SEEN).contains("1 page mapped"));
      visitor.await("nobody sleeps", () -> visitor.text(SEEN).contains("0 threads asleep"));
      picture("watch");

      visitor.find(".fs-live button").click();
      visitor.await("the end", () -> visitor.text(STATE).contains("over: stopped"));
      visitor.await("it is whole", () -> visitor.text(".fs-connection").contains("recorded"));
      assertThat(visitor.text("#app")).contains("inferred");
      // Nobody has answered for it, and it still does what it is told.
      hostage.tell("touch 5");
      visitor.open("/live");
      visitor.await("its fault", () -> visitor.text(row).contains("1 unread"));
    }
    visitor.await("it is gone", () -> visitor.count(row) == 0);
    assertThat(visitor.text(".fs-watch")).contains("The watch is over: stopped");
  }

  @Test
  void aWaitOnAPageThatNobodyKnowsIsToldAsSuchEverywhere() throws Exception {
    try (Hostage hostage = new Hostage("memfd", "64")) {
      String row = "[data-pid='" + hostage.pid() + "']";
      visitor.await("the process", () -> visitor.count(row) == 1);
      visitor.find(row + " button").sendKeys(Keys.ENTER);
      visitor.awaitLive();
      visitor.await("a sample", () -> !visitor.text(SEEN).isEmpty());
      hostage.tell("touch 3");
      visitor.await("it sleeps", () -> visitor.text(SEEN).contains("1 thread asleep"));
      visitor.await("it is queued", () -> visitor.count(".fs-queue__row") == 1);

      assertThat(visitor.text(".fs-queue__row")).startsWith("unknown page").doesNotContain("0x0");
      assertThat(visitor.attribute(".fs-queue__row", "title"))
          .contains("minor fault of", "unknown access", "a page the recording does not name");
      assertThat(visitor.text(".fs-narrator"))
          .contains("touched a page the recording does not name: minor fault queued")
          .doesNotContain("missing");
      visitor.find(".fs-queue__row").click();
      visitor.await("its thread is selected", () -> visitor.path().contains("actor="));
      picture("watch-unknown-page");
    }
  }

  private void picture(String name) throws IOException {
    visitor.browser().screenshot(name);
    visitor.browser().resize(1920, 1080);
    visitor.script("document.documentElement.dataset.theme = 'dark'; return true;");
    visitor.browser().screenshot(name + "-dark");
    visitor.browser().resize(1280, 720);
  }
}
