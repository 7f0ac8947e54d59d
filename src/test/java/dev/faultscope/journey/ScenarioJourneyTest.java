package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** A person runs scenarios in the simulated kernel and puts a hand in. */
@Journey
class ScenarioJourneyTest extends Visiting {
  private static final String QUEUE = ".fs-hand__queue [role=option]";
  private static final String NEWEST = ".fs-inputs__input:first-child";
  private static final String STATE = ".fs-run__state";

  @Test
  void byHandCopyOnAMinorFaultFindsThePageAndWakesNobodyThenContinueResumes() throws IOException {
    openScenario("demand-paging-minor");
    takeOverAtTheFirstFault();
    assertThat(visitor.text(QUEUE)).contains("ram 0x0", "vCPU 0 read, minor");
    assertThat(chosenIoctl()).isEqualTo("CONTINUE");

    makeIoctl("COPY");
    visitor.await("an answer", () -> visitor.count(NEWEST) == 1);
    assertThat(visitor.text(NEWEST)).contains("COPY ram 0x0", "EEXIST", "woke nobody");
    assertThat(visitor.count(QUEUE)).as("still asleep").isOne();
    visitor.browser().screenshot("hand-eexist");

    makeIoctl("CONTINUE");
    visitor.await("another answer", () -> visitor.text(NEWEST).contains("CONTINUE ram 0x0"));
    assertThat(visitor.text(NEWEST)).contains("OK, result field 4 KiB", "woke vCPU 0");
    visitor.await("nobody waits", () -> visitor.count(QUEUE) == 0);

    // Back through what was done, and forward again to where it goes on.
    long last = awaitEnd();
    visitor.step(Keys.ARROW_LEFT, 3);
    visitor.await("the notice", () -> visitor.text(".fs-hand__away").contains("Go to the end"));
    visitor.step(Keys.ARROW_RIGHT, 4);
    assertThat(visitor.seq()).isEqualTo(last + 1);
  }

  @Test
  void aSecondSleeperASignalAndADyingHandlerAreInjected() {
    openScenario("demand-paging-missing");
    takeOverAtTheFirstFault();

    meddle("touch");
    visitor.await("a second sleeper", () -> visitor.count(QUEUE) == 2);
    makeIoctl("COPY");
    visitor.await("an answer", () -> visitor.text(NEWEST).contains("COPY"));
    visitor.await("both wake", () -> visitor.count(QUEUE) == 0);
    visitor.await("names", () -> visitor.text(NEWEST).contains("woke vCPU 0, hand-1"));

    visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    visitor.await("another fault", () -> visitor.count(QUEUE) >= 1);
    meddle("signal");
    visitor.await("the signal", () -> visitor.text(NEWEST).contains("Signal to"));
    meddle("kill-handler");
    visitor.await("the death", () -> visitor.text(NEWEST).contains("dies"));
    visitor.await("it is told", () -> narration().contains("thread ends"));
    visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    visitor.await("it faults anew", () -> visitor.count(QUEUE) >= 1);
    visitor.press("p");
    visitor.await("no answer", () -> visitor.text(NEWEST).contains("The policy answers"));
    assertThat(visitor.attribute(NEWEST, "data-ok")).isEqualTo("false");
  }

  @Test
  void theFirstVersionsRaceIsSeenAsAHalfWrittenPage() throws IOException {
    openScenario("v1-race");
    visitor.await(
        "what to watch",
        () -> visitor.text(".fs-run__watch").contains("read a zero where the handler"));
    visitor.press(Keys.SHIFT, "r");
    visitor.await("the end", () -> visitor.text(STATE).startsWith("Over"));
    assertThat(visitor.text(".fs-run__counts")).contains("1 missing", "15 expectations held");
    long end = awaitEnd();
    visitor.press(Keys.SHIFT, "x");
    visitor.await("a decision", () -> visitor.seq() < end);
    visitor.press(Keys.SHIFT, "x");
    visitor.await("the race", () -> narration().contains("vcpu1: PTE empty, page in cache"));
    assertThat(narration())
        .contains(
            "mapped without a message", "reads 0x00 at byte 3000 where 0xee is written later");
    visitor.script("location.hash = 'seq=" + visitor.seq() + "&page=0:0x9'; return true;");
    visitor.await("its bytes", () -> inspector().contains("bytes 2048 to 4095"));
    assertThat(inspector())
        .contains("partly written", "0xee", "bytes 0 to 2047", "write(2) to the file", "0x00");
    assertThat(visitor.content(".fs-hex")).contains("800  00 00");
    visitor.find(".fs-inspector__part details summary").click();
    visitor.browser().screenshot("race-bytes");
    String light = visitor.gridPixels();
    chooseNextTheme();
    chooseNextTheme();
    visitor.await("the dark grid", () -> !visitor.gridPixels().equals(light));
    visitor.browser().screenshot("race-bytes-dark");
    chooseNextTheme();

    // Who expects the handler's byte there is told what the thread read.
    visitor.find(".fs-run__edit").click();
    awaitChecked("No mistakes");
    edit("gmem[9]+3000\"}, expect: {value: 0}}", "gmem[9]+3000\"}, expect: {value: 0xee}}");
    visitor.press(Keys.CONTROL, Keys.ENTER);
    visitor.await("the run", () -> visitor.path().startsWith("/explore/run-"));
    awaitRun();
    visitor.press(Keys.SHIFT, "r");
    visitor.await("the failure", () -> visitor.text(STATE).startsWith("Line 18"));
    assertThat(visitor.text(STATE)).contains("saw", "0");
    visitor.browser().screenshot("race-half-written");
  }

  @Test
  void aForkTakesAnotherWayAndBothAreCompared() throws IOException {
    openScenario("demand-paging-minor");
    takeOverAtTheFirstFault();
    String parent = visitor.path();
    long moment = awaitEnd();
    makeIoctl("CONTINUE");
    visitor.await("an answer", () -> visitor.count(NEWEST) == 1);
    goTo(moment);

    visitor.press("y");
    visitor.await("the fork", () -> !samePage(visitor.path(), parent));
    awaitRun();
    visitor.awaitSeq(moment);
    visitor.await("its origin", () -> visitor.text(".fs-run__kin").startsWith("Forked off"));
    visitor.press("h");
    visitor.await("the same fault", () -> visitor.count(QUEUE) == 1);
    makeIoctl("POISON");
    visitor.await("an answer", () -> visitor.count(NEWEST) == 1);
    visitor.browser().screenshot("fork");

    visitor.find(".fs-run__kin a:nth-of-type(2)").click();
    visitor.await("the comparison", () -> !visitor.attribute("#app", "data-at").isEmpty());
    assertThat(visitor.text(".fs-difference__parting"))
        .isEqualTo("They are the same up to moment " + grouped(moment) + ", and part there.");
    assertThat(visitor.text("[aria-label='left: what follows'] li")).contains("UFFDIO_POISON");
    assertThat(visitor.text("[aria-label='right: what follows'] li")).contains("UFFDIO_CONTINUE");
    assertThat(visitor.text("[aria-label=right] .fs-beside__moment"))
        .as("both stand where they part")
        .startsWith("#" + grouped(moment) + " of");
    assertThat(visitor.text(".fs-difference__counts")).contains("POISON", "CONTINUE");
    visitor.browser().screenshot("difference");

    visitor.find("[aria-label=right] .fs-beside__moment").click();
    visitor.await("the parent", () -> samePage(visitor.path(), parent));
    awaitRun();
    visitor.awaitSeq(moment);
    assertThat(visitor.text(".fs-run__forks")).contains("Forked once, at " + grouped(moment));
  }

  @Test
  void aMistakeIsMarkedInItsPlaceAndTheTextIsKept() throws IOException {
    visitor.open("/scenario?copy=minor-and-missing");
    awaitChecked("No mistakes");
    edit("mode: MISSING", "mode: MISING");
    visitor.await("the mistake", () -> visitor.count(".fs-editor__problem") == 1);
    assertThat(visitor.text(".fs-editor__problem")).contains("14:").contains("MISING");
    assertThat(visitor.text(".cm-lintRange-error")).isEqualTo("MISING");
    assertThat(visitor.count(".cm-lint-marker-error")).isOne();
    assertThat(visitor.attribute(".cm-content", "aria-invalid")).isEqualTo("true");
    visitor.browser().screenshot("editor-mistake");

    // To run it leads to the mistake, and nothing is lost.
    visitor.press(Keys.CONTROL, Keys.ENTER);
    visitor.await("the caret", () -> selected().equals("MISING"));
    visitor.open("/");
    visitor.open("/scenario?copy=minor-and-missing");
    visitor.await("the text as it was", () -> visitor.count(".cm-lintRange-error") == 1);

    visitor.find(".fs-editor__problem").click();
    visitor.type("MISSING");
    awaitChecked("No mistakes");
    visitor.find("[name=seed]").sendKeys("x");
    visitor.press(Keys.CONTROL, Keys.ENTER);
    visitor.await("the field", () -> visitor.text("#wrong-seed").contains("whole number"));
    visitor
        .find("[name=seed]")
        .sendKeys(Keys.BACK_SPACE, "17", Keys.chord(Keys.CONTROL, Keys.ENTER));
    visitor.await("the run", () -> visitor.path().startsWith("/explore/run-"));
    awaitRun();
    assertThat(visitor.text(".fs-run__facts")).contains("seed 17");
  }

  private void openScenario(String name) {
    visitor.await("the gallery", () -> visitor.count("[data-scenario=" + name + "]") == 1);
    visitor.find("[data-scenario=" + name + "] button").click();
    visitor.await("the run", () -> visitor.path().startsWith("/explore/run-"));
    awaitRun();
  }

  private void awaitRun() {
    visitor.awaitLive();
    visitor.await("the run's bar", () -> visitor.find(".fs-run").isDisplayed());
  }

  private void takeOverAtTheFirstFault() {
    visitor.press("m");
    visitor.await("manual", () -> pressed("Manual"));
    visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    visitor.await("a fault", () -> visitor.count(QUEUE) == 1);
  }

  /** Waits until the last moment is shown. */
  private long awaitEnd() {
    visitor.await(
        "the end",
        () -> {
          String[] where = visitor.content(".fs-transport__where > div").split("/", 2);
          return where[0].strip().equals(where[1].strip())
              && where[0].replaceAll("\\D", "").equals(visitor.seq() + "");
        });
    return visitor.seq();
  }

  private boolean pressed(String label) {
    return visitor.script(
        """
        return [...document.querySelectorAll(".fs-run button")]
            .some((button) => button.textContent === arguments[0]
                && button.getAttribute("aria-pressed") === "true");
        """,
        label);
  }

  private String chosenIoctl() {
    return visitor.script("return document.querySelector('[aria-label=ioctl] select').value");
  }

  private void makeIoctl(String name) {
    visitor.script(
        """
        const select = document.querySelector("form[aria-label=ioctl] select");
        select.value = arguments[0];
        select.dispatchEvent(new Event("change"));
        return true;
        """,
        name);
    visitor.press("o");
  }

  private void meddle(String what) {
    visitor.script(
        """
        const select = document.querySelector("form[aria-label=Meddle] select");
        select.value = arguments[0];
        select.dispatchEvent(new Event("change"));
        document.querySelector("form[aria-label=Meddle] button").click();
        return true;
        """,
        what);
  }

  private void goTo(long moment) {
    visitor.press("/");
    visitor.type("#" + moment);
    visitor.press(Keys.ENTER);
    visitor.awaitSeq(moment);
    visitor.press(Keys.ESCAPE);
  }

  private String narration() {
    return visitor.content("[data-narration]");
  }

  /** System, which is light here, light, dark. */
  private void chooseNextTheme() {
    visitor.script(
        """
        [...document.querySelectorAll(".fs-top-bar button")]
            .find((button) => /theme|dark/i.test(button.outerHTML))
            .click();
        return true;
        """);
  }

  private String inspector() {
    return visitor.content("#side-panel-page");
  }

  private String selected() {
    return visitor.script("return getSelection().toString()");
  }

  private void awaitChecked(String verdict) {
    visitor.await("the verdict", () -> visitor.text(".fs-editor__verdict").startsWith(verdict));
  }

  /** As a person does: finds it, and replaces what was found. */
  private void edit(String what, String by) {
    visitor.find(".cm-content").click();
    visitor.press(Keys.CONTROL, "f");
    visitor.await("the search", () -> visitor.count(".cm-search [name=search]") == 1);
    field("[name=search]", what);
    field("[name=replace]", by);
    visitor.find(".cm-search [name=replaceAll]").click();
    visitor.press(Keys.ESCAPE);
  }

  private void field(String css, String text) {
    visitor.find(".cm-search " + css).clear();
    visitor.find(".cm-search " + css).sendKeys(text);
  }

  @Test
  void whatCanBeWrittenIsOfferedAndTabLeavesTheEditor() throws IOException {
    visitor.open("/scenario");
    awaitChecked("No mistakes");
    visitor.find(".cm-content").click();
    visitor.press(Keys.CONTROL, Keys.END);
    visitor.type("costs: {wak");
    visitor.await("the offer", () -> offered().contains("wake-ioctl"));
    visitor.browser().screenshot("editor-completion");
    visitor.press(Keys.ARROW_DOWN);
    visitor.press(Keys.ENTER);
    visitor.await("the key", () -> !visitor.text(".cm-content").contains("{wak}"));
    visitor.type("3us");
    awaitChecked("No mistakes");
    assertThat(visitor.text(".cm-content")).containsPattern("costs: \\{wake[a-z-]*: 3us}");

    visitor.press(Keys.CONTROL, "z");
    visitor.press(Keys.TAB);
    assertThat(
            visitor.<Boolean>script(
                "return document.querySelector('.cm-content').contains(document.activeElement)"))
        .isFalse();
  }

  private String offered() {
    return visitor.script(
        "return [...document.querySelectorAll('.cm-tooltip-autocomplete li')].map((each) =>"
            + " each.textContent).join(' ')");
  }

  private static boolean samePage(String one, String other) {
    return one.replaceFirst("#.*", "").equals(other.replaceFirst("#.*", ""));
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
  }
}
