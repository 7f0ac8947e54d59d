package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.Select;
import tools.jackson.databind.JsonNode;

/** Two recordings on one scrubber. */
@Journey
class SideBySideJourneyTest extends Visiting {
  private static final String LEFT = "sample-traces/b_kvm_2vcpu_rand_pvm.trace.txt";
  private static final String RIGHT = "sample-traces/v_a_tdp_eprobe.trace.txt";
  private static final String SAMPLES = "/difference?a=sample-two-vcpus&b=sample-nested-paging";

  @Test
  void twoRecordingsAreWalkedTogetherByTheKeyboardAlone() throws IOException {
    visitor.open(SAMPLES);
    awaitMoment("where they part", 2);
    visitor.press("2");
    visitor.await("fault numbers", () -> visitor.path().contains("align=fault"));
    visitor.press(Keys.HOME);
    for (int fault = 1; fault <= 3; fault++) {
      visitor.press(fault == 2 ? new CharSequence[] {Keys.SHIFT, Keys.ARROW_RIGHT} : right());
      awaitAt(fault);
      JsonNode told = diff("fault", fault);
      assertThat(moment("left")).isEqualTo(told.path("left").path("seq").asLong());
      assertThat(moment("right")).isEqualTo(told.path("right").path("seq").asLong());
      assertThat(visitor.text("[data-narration=left]"))
          .isEqualTo(told.path("left").path("narration").asString());
    }
    visitor.press(Keys.ARROW_LEFT);
    awaitAt(2);

    // By time, from the same moment; behind the shorter one's end that is said.
    long second = moment("left");
    visitor.press("1");
    visitor.await("time", () -> visitor.path().contains("align=time"));
    visitor.await("the same moment", () -> moment("left") == second);
    visitor.press(Keys.END);
    visitor.await("the end", () -> visitor.text("[aria-label=left]").contains("over since"));
    assertThat(visitor.attribute("[aria-label=right]", "data-past")).isEqualTo("false");
    assertThat(visitor.text(".fs-beside__region"))
        .startsWith("guest-ram: ")
        .endsWith("7\u202f680 pages only left");

    // Into the lanes, then the pages: the next that differs, with both its states.
    visitor.tabTo("the lanes", () -> visitor.focusedIs(".fs-beside__lanes"));
    visitor.press("w");
    visitor.await("a stretch", () -> visitor.path().contains("range="));
    visitor.tabTo("the pages", () -> visitor.focusedIs(".fs-beside__cells"));
    visitor.press("n");
    visitor.await("a page", () -> page().startsWith("guest-ram: page 0x2 differs\nleft: "));
    visitor.await("the link", () -> visitor.path().contains("page=0:0x2&"));
    String page = page();
    String link = visitor.path();
    visitor.look("side-by-side");

    visitor.open("/");
    visitor.open(link);
    visitor.await("all of it again", () -> page().equals(page));
    visitor.await("as it was", () -> visitor.path().equals(link));
  }

  @Test
  void whatIsPointedAtIsGoneToAndPagesAreTold() {
    visitor.open(SAMPLES + "&align=pages&at=3");
    awaitAt(3);
    assertThat(visitor.text(".fs-beside__where")).contains("pages served");
    visitor.find(".fs-beside__align button").click();
    visitor.await("time", () -> visitor.path().contains("align=time"));
    var lanes = visitor.find(".fs-beside__lanes");
    visitor.script("arguments[0].scrollIntoView({block: 'center'}); return true;", lanes);
    new Actions(visitor.browser().driver()).moveToElement(lanes, 100, 0).click().perform();
    visitor.await("another moment", () -> moment("left") > 1000);
    JsonNode told = diff("time", Long.parseLong(visitor.attribute("#app", "data-at")));
    assertThat(moment("left")).isEqualTo(told.path("left").path("seq").asLong());
    assertThat(moment("right")).isEqualTo(told.path("right").path("seq").asLong());
    JsonNode ram = told.path("pages").path("regions").path(0);
    assertThat(visitor.text(".fs-beside__region").replace("\u202f", ""))
        .contains(ram.path("differing").asLong() + " page")
        .contains(ram.path("same").asLong() + " the same")
        .contains(ram.path("unknown").asLong() + " unknown");
    JsonNode ratios = CommandLine.json("diff", LEFT, RIGHT, "--json").path("difference");
    for (JsonNode each : ratios.path("counts")) {
      if (each.path("name").asString().equals("faults")) {
        assertThat(visitor.text(".fs-difference__counts").replace("\u202f", ""))
            .contains(
                "faults %d %d".formatted(each.path("left").asLong(), each.path("right").asLong()));
      }
    }
  }

  @Test
  void theRacesFirstVersionBesideItsSecondIsOneClick() throws IOException {
    By both = By.cssSelector("[data-scenario='v1-race'] [aria-label^='Side by side']");
    visitor.await("it", () -> visitor.browser().driver().findElement(both).isDisplayed());
    visitor.browser().driver().findElement(both).click();
    visitor.await("both", () -> visitor.path().startsWith("/difference?a=run-"));
    visitor.await("the first one's end", () -> moments("left").endsWith("of 24"));
    visitor.await("the second one's end", () -> moments("right").endsWith("of 32"));

    // On one clock: what the second thread reads here waits there.
    visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    awaitAt(8_000);
    for (long at = 9_000; at <= 13_000; at += 1_000) {
      visitor.press(Keys.ARROW_RIGHT);
      awaitAt(at);
    }
    assertThat(told("left")).contains("reads 0x00 at byte 3000 where 0xee is written later");
    visitor.tabTo("the pages", () -> visitor.focusedIs(".fs-beside__cells"));
    visitor.press("n");
    visitor.await("it", () -> page().startsWith("gmem: page 0x9 differs\nleft: "));
    assertThat(page())
        .contains("partly written · 0xee in bytes 0 to 2047, 0x00 in bytes 2048 to 4095");
    visitor.browser().screenshot("v1-beside-v2-bytes");

    // Fault by fault: one has a single one, for the second thread is not stopped there.
    visitor.press(Keys.ESCAPE);
    visitor.press("2");
    awaitAt(1);
    visitor.await("the first version", () -> told("left").contains("missing fault queued"));
    visitor.await("the second", () -> told("right").contains("minor fault queued"));
    visitor.press(Keys.ARROW_RIGHT);
    awaitAt(2);
    visitor.await(
        "the race", () -> visitor.text("[aria-label=left]").contains("at its end: it has 1 fault"));
    assertThat(told("right")).startsWith("vcpu1").contains("minor fault queued");
    assertThat(visitor.text(".fs-beside__region")).startsWith("gmem: 1 page differs");
    assertThat(visitor.text("#app")).contains("Only the right one has alias (64");
    visitor.look("v1-beside-v2");
  }

  @Test
  void anotherRecordingIsLaidBesideTheOneThatIsExplored() {
    visitor.openSample("Two vCPUs in random order");
    visitor.awaitFirstFault();
    visitor.step(Keys.ARROW_RIGHT, 3);
    long seq = visitor.seq();
    visitor.press(Keys.SHIFT, "y");
    visitor.await("a choice", () -> visitor.text(".fs-state").startsWith("Choose the right"));
    new Select(visitor.find("[aria-label='The right recording']"))
        .selectByValue("sample-nested-paging");
    visitor.await("both", () -> !visitor.attribute("#app", "data-at").isEmpty());
    assertThat(moment("left")).isEqualTo(seq);
    visitor.find("header button[title^='Left becomes right']").click();
    visitor.await("swapped", () -> visitor.path().startsWith("/difference?a=sample-nested"));
  }

  @Test
  void aPausedForkBesideItsParentOffersToRunOn() throws IOException {
    visitor.await("it", () -> visitor.count("[data-scenario='demand-paging-minor']") == 1);
    visitor.find("[data-scenario='demand-paging-minor'] button").click();
    RunPage run = new RunPage(visitor);
    run.await();
    visitor.press(Keys.SHIFT, "r");
    run.awaitOver();
    visitor.press(Keys.SHIFT, Keys.ARROW_LEFT);
    visitor.await("a moment before", () -> visitor.seq() > 1);
    String parent = visitor.path().replaceFirst("#.*", "");
    visitor.press("y");
    visitor.await("the fork", () -> !visitor.path().startsWith(parent));
    run.await();
    visitor.browser().driver().findElement(By.linkText("compare with it")).click();
    visitor.await("both", () -> !visitor.attribute("#app", "data-at").isEmpty());
    visitor.await("it says so", () -> fork().contains("This fork is paused."));
    assertThat(visitor.text("[aria-label=left] button")).isEqualTo("Run on");
    visitor.look("side-by-side-fork");
    visitor.press("r");
    visitor.await(
        "they came to the same",
        () -> visitor.text(".fs-difference__parting").startsWith("They are the same, all"));
    visitor.await("nothing to run", () -> !fork().contains("paused"));
  }

  private String page() {
    return visitor.text(".fs-beside__page");
  }

  private String told(String side) {
    return visitor.text("[data-narration=" + side + "]");
  }

  private String fork() {
    return visitor.text("[aria-label=left]");
  }

  private static CharSequence[] right() {
    return new CharSequence[] {Keys.ARROW_RIGHT};
  }

  private static JsonNode diff(String align, long at) {
    return CommandLine.json(
            "diff", LEFT, RIGHT, "--align", align, "--at", String.valueOf(at), "--json")
        .path("beside");
  }

  /** Its moment, and how many it has. */
  private String moments(String side) {
    return visitor.text("[aria-label=" + side + "] .fs-beside__moment").replaceFirst(" · .*", "");
  }

  private long moment(String side) {
    return Long.parseLong(moments(side).replaceFirst(" of.*", "").replaceAll("\\D", ""));
  }

  private void awaitMoment(String what, long seq) {
    visitor.await(what, () -> moment("left") == seq);
  }

  private void awaitAt(long at) {
    String position = String.valueOf(at);
    visitor.await(
        "position " + position, () -> visitor.attribute("#app", "data-at").equals(position));
  }
}
