package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Breakpoints, without a mouse: on a recording and on a run. */
@Journey
class BreakpointsJourneyTest extends Visiting {
  private static final String ROW = ".fs-breaks__row";
  private static final String OFFERS = ".fs-frame__left section[aria-label^='Stop when']";
  private static final String NARRATOR = ".fs-narrator";
  private static final String FIRST_VCPU = "tid = 11443 and kind = enqueue";
  private static final String SLOW = "latency > 100us";

  @Test
  void aRecordingIsWalkedFromHitToHitBothWays() throws IOException {
    openSample("");
    String bare = visitor.pixels(".fs-scrub__ticks");
    openList();
    // As many as `faultscope faults --where` tells, and the CONTINUEs of `faultscope stats`.
    add(FIRST_VCPU);
    awaitCount(1, 4_095);
    add("kind = ioctl and ioctl = continue");
    awaitCount(2, 8_197);
    add(SLOW);
    List<Long> slow = hits(SLOW);
    assertThat(slow).hasSizeBetween(2, 100);
    awaitCount(3, slow.size());
    assertThat(visitor.pixels(".fs-scrub__ticks")).as("ticks").isNotEqualTo(bare);

    // The middle one off, then the first: what is off is walked past.
    switchOff(2);
    switchOff(1);
    String ticks = visitor.pixels(".fs-scrub__ticks");
    visitor.press(Keys.HOME);
    visitor.awaitSeq(0);
    for (long hit : slow) {
      visitor.press(Keys.F8);
      visitor.awaitSeq(hit);
    }
    visitor.await("which", () -> visitor.content(NARRATOR).startsWith("Stopped by " + SLOW));
    assertThat(visitor.text(".fs-breaks__says")).contains("by " + SLOW);
    assertThat(visitor.attribute(ROW + ":nth-child(3)", "aria-current")).isEqualTo("true");
    visitor.press(Keys.F8);
    visitor.await("none", () -> visitor.text(".fs-toast").contains("No further event"));
    visitor.press(Keys.SHIFT, Keys.F8);
    visitor.awaitSeq(slow.get(slow.size() - 2));

    // With the first on again, the nearest of both.
    switchOff(1);
    visitor.press(Keys.END);
    visitor.await("the end", () -> visitor.seq() == 73_822);
    List<Long> faults = hits(FIRST_VCPU + " and seq > 73000");
    visitor.press(Keys.SHIFT, Keys.F8);
    visitor.awaitSeq(Math.max(faults.getLast(), slow.getLast()));
    assertThat(visitor.pixels(".fs-scrub__ticks")).isNotEqualTo(ticks);

    // The link brings them back, on and off.
    visitor.await(
        "the link", () -> hash().contains("&break=tid") && hash().contains("&break-off=kind"));
    openSample("#" + hash().replaceFirst("^#", ""));
    awaitCount(3, slow.size());
    assertThat(visitor.count(ROW + " .fs-breaks__what input:checked")).isEqualTo(2);
    shoot("breakpoints");
  }

  @Test
  void aTextThatIsNoPredicateIsShownWithACaret() {
    openSample("");
    openList();
    add("latency > soon");
    visitor.await("the caret", () -> visitor.count(ROW + " .fs-omnibox__caret") == 1);
    String[] lines = visitor.content(ROW + " pre").split("\n");
    assertThat(lines[1].indexOf('^')).isEqualTo("latency > ".length());
    long seq = visitor.seq();
    visitor.press(Keys.F8);
    visitor.await("no breakpoint", () -> visitor.text(".fs-toast").contains("No breakpoint"));
    assertThat(visitor.seq()).isEqualTo(seq);
    visitor.tabTo("remove it", () -> focused("aria-label").startsWith("Remove"));
    visitor.press(Keys.ENTER);
    visitor.await("nothing", () -> visitor.count(ROW) == 0);
  }

  @Test
  void aForkHasTheBreakpointsOfItsParentAndOffersToRunOn() throws IOException {
    visitor.await("it", () -> visitor.count("[data-scenario='demand-paging-minor']") == 1);
    visitor.find("[data-scenario='demand-paging-minor'] button").click();
    RunPage run = new RunPage(visitor);
    run.await();
    openList();
    add("kind = enqueue and page = 3");
    add("kind = wake");
    switchOff(2);
    visitor.await(
        "one that is off", () -> visitor.count(ROW + " .fs-breaks__what input:checked") == 1);
    visitor.press("r");
    visitor.await("the breakpoint", () -> run.state().contains("satisfies kind = enqueue"));
    String parent = visitor.path().replaceFirst("#.*", "");

    visitor.press(Keys.HOME);
    visitor.awaitSeq(0);
    visitor.press("y");
    visitor.await("the fork", () -> !visitor.path().startsWith(parent));
    run.await();
    visitor.await("it says so", () -> run.state().equals("This fork is paused: R runs on"));
    assertThat(visitor.text(".fs-run__go")).isEqualTo("Run on");
    openList();
    assertThat(visitor.count(ROW)).isEqualTo(2);
    assertThat(visitor.count(ROW + " .fs-breaks__what input:checked")).isOne();
    visitor.press(Keys.ESCAPE);
    shoot("fork-paused");
    visitor.press("r");
    visitor.await("the breakpoint", () -> run.state().contains("satisfies kind = enqueue"));
  }

  @Test
  void whatIsLookedAtIsOfferedAndThePageIsWatched() throws IOException {
    openSample("#seq=11&page=0:0x7&lens=space&layer=fault");
    visitor.tabTo("the watch", () -> visitor.focusedText().equals("Every change of this page"));
    visitor.press(Keys.ENTER);
    String query = "region = guest-ram and page = 0x7 and changed = yes";
    List<Long> changes = hits(query);
    assertThat(changes).isNotEmpty();
    visitor.await("changes", () -> visitor.count(".fs-watched li") == changes.size());
    assertThat(visitor.text(".fs-watched li:last-child .fs-watched__cause")).contains("because");
    visitor.script(
        "document.querySelector('.fs-watched').scrollIntoView({block: 'center'}); return true;");
    shoot("watch-page");
    visitor.press(Keys.TAB);
    visitor.press(Keys.ENTER);
    visitor.awaitSeq(changes.getFirst());

    visitor.tabBackTo("the offer", () -> visitor.focusedText().equals("this page changes"));
    visitor.press(Keys.ENTER);
    visitor.await("it is one", () -> focused("aria-pressed").equals("true"));
    visitor.press(Keys.HOME);
    visitor.awaitSeq(0);
    for (long change : changes) {
      visitor.press(Keys.F8);
      visitor.awaitSeq(change);
    }
    visitor.press("B");
    visitor.await("the list", () -> visitor.count(ROW) == 1);
    awaitCount(1, changes.size());
  }

  @Test
  void aRunStopsAtTheEventAndSaysByWhich() throws IOException {
    visitor.await("the gallery", () -> visitor.count("[data-scenario=minor-and-missing]") == 1);
    visitor.script(
        "document.querySelector('[data-scenario=minor-and-missing] .fs-scenario__open').focus();"
            + " return true;");
    visitor.press(Keys.ENTER);
    new RunPage(visitor).await();
    openList();
    add("kind = decide and reason = absent-missing");
    add("kind = wake");
    visitor.await("told", () -> visitor.text(".fs-run__hold").contains("kind = wake"));
    visitor.press(Keys.F8);
    visitor.await("a stop", () -> visitor.content(NARRATOR).startsWith("Stopped by kind = "));
    visitor.await("its state", () -> visitor.text(RunPage.STATE).contains("satisfies kind = "));
    long first = visitor.seq();
    assertThat(hits(enabled())).as("nothing was run past").containsExactly(first);
    shoot("breakpoints-run");

    visitor.press(Keys.F8);
    visitor.await("the next stop", () -> visitor.seq() > first && narratesAStop());
    assertThat(hits(enabled())).containsExactly(first, visitor.seq());
    visitor.press(Keys.SHIFT, Keys.F8);
    visitor.awaitSeq(first);
    visitor.press(Keys.F8);
    visitor.await("forth again", () -> visitor.seq() > first && narratesAStop());
  }

  @Test
  void aWaitingFaultOffersItsThreadAndPageAndOneThatStopsOnceIsOffThen() throws IOException {
    visitor.await("it", () -> visitor.count("[data-scenario='demand-paging-minor']") == 1);
    visitor.find("[data-scenario='demand-paging-minor'] button").click();
    RunPage run = new RunPage(visitor);
    run.await();
    visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    visitor.await("a fault", () -> visitor.count(".fs-queue__row") == 1);
    long first = visitor.seq();
    visitor.await("offers", () -> visitor.count(OFFERS + " .fs-stop-when li") == 2);
    assertThat(visitor.text(OFFERS)).contains("vCPU 0 blocks", "page 0x0 changes");

    visitor.tabTo("once", () -> visitor.focusedIs(OFFERS + " input"));
    visitor.press(Keys.SPACE);
    visitor.tabTo("the offer", () -> visitor.focusedText().equals("vCPU 0 blocks"));
    visitor.press(Keys.ENTER);
    visitor.await("it is one", () -> focused("aria-pressed").equals("true"));
    visitor.await("told", () -> visitor.text(".fs-run__hold").contains("kind = enqueue"));
    visitor.await("the link", () -> hash().contains("&break-once=actor"));
    visitor.press("r");
    visitor.await("the stop", () -> run.state().contains("satisfies actor = "));
    visitor.await("its moment", () -> visitor.seq() > first && narratesAStop());
    long second = visitor.seq();
    assertThat(hits("vcpu = 0 and kind = enqueue")).containsExactly(first, second);

    visitor.press("B");
    visitor.await(
        "it is off", () -> digits(ROW + " .fs-breaks__count").contains("stopped at #" + second));
    assertThat(visitor.content(ROW + " .fs-breaks__count")).endsWith("off now");
    assertThat(visitor.find(ROW + " .fs-breaks__what input").isSelected()).isFalse();
    assertThat(visitor.find(ROW + " .fs-breaks__once input").isSelected()).isTrue();
    visitor.await("told", () -> visitor.text(".fs-run__hold").isEmpty());
    assertThat(Axe.findings(visitor.browser().driver())).isEmpty();
    visitor.press(Keys.ESCAPE);
    shoot("breakpoints-once");
    visitor.press(Keys.SHIFT, "r");
    run.awaitOver();
  }

  /** Text without the narrow space between digits. */
  private String digits(String css) {
    return visitor.content(css).replace("\u202f", "");
  }

  private static String enabled() {
    return "(kind = decide and reason = absent-missing) or kind = wake";
  }

  private boolean narratesAStop() {
    return visitor.content(NARRATOR).startsWith("Stopped by");
  }

  private void openSample(String hash) {
    visitor.open("/");
    visitor.open("/explore/sample-two-vcpus" + hash);
    visitor.awaitLive();
    visitor.awaitFirstFault();
  }

  private void openList() {
    visitor.press("B");
    visitor.await("the field", () -> visitor.focusedIs(".fs-breaks__input"));
  }

  /** Adds one, with the keyboard in the field before and on the page after. */
  private void add(String query) {
    if (!visitor.focusedIs(".fs-breaks__input")) {
      visitor.press("B");
      visitor.press("B");
      visitor.await("the field", () -> visitor.focusedIs(".fs-breaks__input"));
    }
    int before = visitor.count(ROW);
    visitor.type(query);
    visitor.press(Keys.ENTER);
    visitor.await(query, () -> visitor.count(ROW) == before + 1);
    visitor.press(Keys.ESCAPE);
  }

  private void awaitCount(int row, long count) {
    visitor.await(
        count + " hits",
        () ->
            visitor
                .content(ROW + ":nth-child(" + row + ") .fs-breaks__count")
                .replaceAll("[^0-9a-z≥]", "")
                .startsWith(count + "hit"));
  }

  private void switchOff(int row) {
    String box = ROW + ":nth-child(" + row + ") .fs-breaks__what input";
    boolean was = visitor.find(box).isSelected();
    visitor.tabTo("its box", () -> visitor.focusedIs(box));
    visitor.press(Keys.SPACE);
    visitor.await("the other way", () -> visitor.find(box).isSelected() != was);
  }

  private List<Long> hits(String query) {
    return visitor.script(
        """
        const id = location.pathname.split("/").at(-1);
        const fields = new URLSearchParams({query: arguments[0], from: 1, direction: 1, limit: 1000});
        return fetch(`/api/recordings/${id}/search?${fields}`)
          .then((answer) => answer.json())
          .then(({hits}) => hits.map(({seq}) => seq));
        """,
        query);
  }

  private String hash() {
    return visitor.script("return location.hash");
  }

  private void shoot(String name) throws IOException {
    for (String theme : List.of("light", "dark")) {
      for (int width : new int[] {1280, 1024}) {
        visitor.script(
            "document.documentElement.dataset.theme = arguments[0]; return true;", theme);
        visitor.browser().resize(width, 720);
        visitor.browser().screenshot(name + "-" + theme + "-" + width);
      }
    }
    visitor.browser().resize(1280, 720);
  }

  private String focused(String attribute) {
    return visitor.script(
        "return document.activeElement.getAttribute(arguments[0]) ?? ''", attribute);
  }
}
