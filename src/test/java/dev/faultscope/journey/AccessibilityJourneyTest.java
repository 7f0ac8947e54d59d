package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Every page, in every state that a person brings it into, is one that axe-core finds right. */
@Journey
class AccessibilityJourneyTest extends Visiting {
  private static final String SUMS = "Two vCPUs in random order";

  private RunPage run;
  private final List<String> findings = new ArrayList<>();

  @BeforeEach
  void arrive() throws IOException {
    run = new RunPage(visitor);
    visitor.await("samples", () -> visitor.count(".fs-recording") >= 3);
    visitor.await("the gallery", () -> visitor.count("[data-scenario='v1-race']") == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void pagesAroundTheExplorer(String theme) {
    choose(theme);
    check("start page");
    emptyTheStartPage();
    check("start page without recordings");
    visitor.open("/live");
    visitor.await("the live page", () -> visitor.find(".fs-live-form").isDisplayed());
    check("live page");
    visitor.open("/probe");
    visitor.await("what this machine can do", () -> visitor.count("[data-trial]") > 10);
    check("probe page");
    visitor.open("/scenario");
    visitor.await(
        "a scenario", () -> visitor.text(".fs-editor__verdict").startsWith("No mistakes"));
    check("scenario page");
    visitor.find(".cm-content").click();
    visitor.press(Keys.CONTROL, Keys.END);
    visitor.type("nonsense: [");
    visitor.await("a mistake", () -> visitor.count(".fs-editor__problem") > 0);
    check("scenario page with a mistake");
    visitor.open("/compare?scenario=v1-race");
    visitor.await("the policies", () -> visitor.count("input[value='oracle']") == 1);
    check("compare page");
    visitor.press(Keys.CONTROL, Keys.ENTER);
    visitor.await("the runs", () -> visitor.text(".fs-compare__state").endsWith("runs"));
    check("compare page with runs");
    visitor.open("/nowhere");
    visitor.await("nothing", () -> visitor.text("h1").equals("Nothing here"));
    check("error page");
    visitor.open("/difference?a=sample-two-vcpus");
    visitor.await("a choice", () -> visitor.text(".fs-state").startsWith("Choose the right"));
    check("one recording, and a choice of the other");
    visitor.open("/difference?a=sample-two-vcpus&b=sample-nested-paging&at=300000000&page=0:0x4");
    visitor.await("two recordings", () -> visitor.attribute("#app", "data-at").equals("300000000"));
    visitor.await("a page of both", () -> visitor.text(".fs-beside__page").contains("right:"));
    check("two recordings");
    visitor.browser().driver().manage().deleteAllCookies();
    visitor.open("/");
    visitor.await("the door", () -> visitor.text("h1").equals("Open the printed link"));
    check("unlock page");
    assertThat(findings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void explorerOfARecording(String theme) {
    choose(theme);
    visitor.openSample(SUMS);
    visitor.awaitFirstFault();
    check("space lens");
    visitor.find(".fs-queue__row").click();
    visitor.await("a page", () -> visitor.count("#side-panel-page .fs-inspector__part") > 2);
    visitor.await("what stops", () -> visitor.count(".fs-stop-when button") > 2);
    visitor.find(".fs-stop-when button").click();
    visitor.tabTo("the watch", () -> visitor.focusedText().equals("Every change of this page"));
    visitor.press(Keys.ENTER);
    visitor.await("its changes", () -> visitor.count(".fs-watched li") > 0);
    check("a page, its breakpoints and its changes");
    visitor.press("k");
    visitor.await("the kernel", () -> visitor.find("#side-panel-kernel").isDisplayed());
    check("kernel");
    visitor.press(Keys.SHIFT, "b");
    visitor.await("breakpoints", () -> visitor.find("#side-panel-breaks").isDisplayed());
    check("breakpoints");
    visitor.press(Keys.ESCAPE);
    for (String layer : List.of("host", "guest")) {
      visitor.press(">");
      visitor.type("Layer: " + layer);
      visitor.press(Keys.ENTER);
      visitor.await("the layer", () -> visitor.path().contains("layer=" + layer));
      check("layer " + layer);
    }
    visitor.press("2");
    visitor.await("the lanes", () -> visitor.find("#panel-time").isDisplayed());
    check("time lens");
    tables();
    dialogs();
    assertThat(findings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void explorerOfAGuestWithoutAUserfaultfd(String theme) {
    choose(theme);
    visitor.openSample("Stage 2 without a userfaultfd");
    visitor.awaitFirstFault();
    check("space lens of stage 2");
    visitor.press("3");
    visitor.find("#table-faults").click();
    visitor.await("what stage 2 came to", () -> visitor.find(".fs-sums__whole").isDisplayed());
    check("faults of stage 2");
    visitor.press("e");
    visitor.await("a story", () -> visitor.count("dialog.fs-why[open] .fs-why__step") > 0);
    check("the story of a fault of stage 2");
    assertThat(findings).isEmpty();
  }

  private void tables() {
    visitor.press("3");
    visitor.await("rows", () -> visitor.count(".fs-table__row") > 5);
    check("events");
    visitor.press(":");
    visitor.type("kind = nonsense");
    visitor.press(Keys.ENTER);
    visitor.await("a caret", () -> visitor.count("#table-panel .fs-omnibox__error") == 1);
    check("events, a predicate that is none");
    visitor.press(Keys.ESCAPE);
    visitor.find("#table-faults").click();
    visitor.await("the sums", () -> visitor.count(".fs-sums__group") > 0);
    check("faults with groups");
    visitor.find(".fs-sums__group").click();
    visitor.await("those of a group", () -> visitor.path().contains("query=actor"));
    check("faults of a group");
    for (String table : List.of("pages", "regions")) {
      visitor.find("#table-" + table).click();
      visitor.await(table, () -> visitor.count("#table-panel .fs-table__row") > 0);
      check(table);
    }
  }

  private void dialogs() {
    visitor.press("1");
    visitor.press("e");
    visitor.await("a story", () -> visitor.find("dialog[open] .fs-why__step").isDisplayed());
    check("why");
    visitor.press(Keys.ESCAPE);
    command("Set regions by hand");
    visitor.await("regions", () -> visitor.find("dialog[open] textarea").isDisplayed());
    check("regions dialog");
    visitor.press(Keys.ESCAPE);
    visitor.press("?");
    visitor.await("keys", () -> visitor.count("dialog[open] .fs-sheet__command") > 30);
    check("key sheet");
    visitor.press(Keys.ESCAPE);
    visitor.press(">");
    visitor.await("commands", () -> visitor.count("[role=option]") > 5);
    check("omnibox");
    visitor.press(Keys.ESCAPE);
    visitor.press(":");
    visitor.type("latency >");
    check("omnibox with a predicate");
    visitor.press(Keys.ESCAPE);
    visitor.find("button[aria-label='Save as…']").click();
    visitor.await("the menu", () -> visitor.count(":popover-open [role=menuitem]") >= 2);
    check("save menu");
    visitor.press(Keys.ESCAPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void explorerOfARun(String theme) {
    choose(theme);
    visitor.find("[data-scenario='snapshot-restore'] button").click();
    run.await();
    check("paused run");
    visitor.press("m");
    visitor.await("manual", () -> visitor.text(".fs-hand__says").contains("wait for you"));
    visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    visitor.await("a fault", () -> visitor.count(RunPage.QUEUE) > 0);
    check("manual hand");
    run.makeIoctl("COPY");
    visitor.await("an answer", () -> visitor.count(RunPage.NEWEST) == 1);
    check("manual hand with an answer");
    visitor.press("m");
    visitor.press("-");
    visitor.press("r");
    visitor.await("it runs", () -> visitor.attribute(".fs-run", "data-phase").equals("running"));
    check("running run");
    visitor.press("r");
    visitor.press("y");
    visitor.await("a fork", () -> visitor.text(".fs-run__kin").startsWith("Forked off"));
    check("fork");
    run.press("End");
    visitor.await("the end", () -> run.state().contains("what was recorded stays"));
    check("run that is over");
    visitor.open("/");
    visitor.await("recent", () -> visitor.find("#recent").isDisplayed());
    check("start page with recent recordings");
    assertThat(findings).isEmpty();
  }

  @Test
  @Requires({Requirement.UFFD, Requirement.BROWSER})
  void livePageWithItsRuns() {
    visitor.open("/live");
    visitor.await("the live page", () -> visitor.find(".fs-live-form").isDisplayed());
    visitor.find("form[aria-label='Start a guest'] .fs-button--primary").click();
    run.await();
    run.openHand();
    visitor.await("a fault", () -> visitor.count(RunPage.QUEUE) > 0);
    check("live run");
    visitor.open("/live");
    visitor.await("its row", () -> visitor.count("[data-run]") > 0);
    By listen = By.cssSelector("form[aria-label='Attach'] button");
    visitor.browser().driver().findElement(listen).click();
    visitor.await("the body to send", () -> visitor.count(".fs-live-entry__request") == 1);
    check("live page with a run and an attachment");
    visitor.find("[data-attachment] button").click();
    visitor.await("it ends", () -> visitor.count(".fs-live-entry__request") == 0);
    assertThat(findings).isEmpty();
  }

  private void command(String name) {
    visitor.press(">");
    visitor.type(name);
    visitor.press(Keys.ENTER);
  }

  /** As a person does, with the button: first comes what the system says, then light, then dark. */
  private void choose(String theme) {
    for (int times = theme.equals("light") ? 1 : 2; times > 0; times--) {
      visitor.find("header button[aria-label^=Light]").click();
    }
    assertThat(visitor.attribute("html", "data-theme")).isEqualTo(theme);
  }

  /** Takes away what the server told of, as it is where there are no samples. */
  private void emptyTheStartPage() {
    visitor.script(
        """
        document.querySelectorAll('.fs-recordings > li').forEach((each) => each.remove());
        return true;
        """);
  }

  private void check(String state) {
    for (String finding : Axe.findings(visitor.browser().driver())) {
      findings.add(state + ": " + finding);
    }
  }
}
