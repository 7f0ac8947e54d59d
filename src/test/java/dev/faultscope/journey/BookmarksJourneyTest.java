package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;
import tools.jackson.databind.JsonNode;

/** What is noted at a moment is there again for whoever comes back, and two moments have a Δ. */
@Journey
class BookmarksJourneyTest extends Visiting {
  private static final String SAMPLE = "sample-traces/b_kvm_2vcpu_rand_pvm.trace.txt";
  private static final String TITLE = "Two vCPUs in random order";
  private static final String INPUT = ".fs-marks__input";
  private static final String ROW = ".fs-marks__row";
  private static final String FLAG = ".fs-scrub .fs-flags__flag";
  private static final String WORDS = ".fs-scrub .fs-flags__words";
  private static final String STRIP = ".fs-time .fs-area p:not([hidden])";
  private static final String HOSTILE = "<b onclick=alert(1)>slow</b> & \"why\"?";

  @BeforeEach
  void arrive() throws IOException {
    visitor.openSample(TITLE);
    visitor.awaitFirstFault();
  }

  /** The next journey finds the sample as this one did. */
  @AfterEach
  void leave() {
    visitor.script(
        """
        const all = `/api/recordings/${location.pathname.split("/").at(-1)}/bookmarks`;
        return fetch(all)
          .then((answer) => answer.json())
          .then((each) => Promise.all(each.map(({number}) => fetch(`${all}/${number}`, {method: "DELETE"}))))
          .then(() => true);
        """);
  }

  private void add(String text) {
    int before = visitor.count(ROW);
    visitor.press("c");
    visitor.await("the field", () -> visitor.focusedIs(INPUT));
    visitor.type(text);
    visitor.press(Keys.ENTER);
    visitor.await(text, () -> visitor.count(ROW) == before + 1);
    visitor.await("the field to go", () -> !visitor.find(INPUT).isDisplayed());
  }

  private String texts() {
    return visitor.script(
        "return [...document.querySelectorAll('.fs-marks__text')].map((each) =>"
            + " each.textContent).join('|')");
  }

  @Test
  void bookmarksAreAddedWalkedEditedAndDeletedByKeyboardAlone() {
    long first = visitor.seq();
    add(HOSTILE);
    assertThat(texts()).isEqualTo(HOSTILE);
    assertThat(visitor.count(".fs-marks__list b, .fs-flags b")).isZero();
    visitor.press(Keys.END);
    visitor.await("the end", () -> visitor.seq() > first);
    long last = visitor.seq();
    add("the end");
    visitor.await("two flags", () -> visitor.count(FLAG) == 2);
    assertThat(texts()).isEqualTo(HOSTILE + "|the end");

    // From one to the next.
    visitor.press(Keys.SHIFT, "z");
    visitor.awaitSeq(first);
    visitor.await(
        "its flag", () -> visitor.attribute(FLAG + ":first-child", "aria-current").equals("true"));
    assertThat(visitor.attribute(FLAG + ":last-child", "aria-current")).isEmpty();
    visitor.await("its row", () -> visitor.attribute(ROW, "aria-current").equals("true"));
    visitor.press(Keys.SHIFT, "z");
    visitor.await("no more", () -> visitor.text(".fs-toast").contains("No earlier bookmark"));
    visitor.press("z");
    visitor.awaitSeq(last);

    // A flag says what it stands for, and leads there.
    visitor.tabTo("the flags", () -> visitor.focusedIs(FLAG));
    visitor.press(Keys.HOME);
    visitor.await("its text", () -> visitor.content(WORDS).contains(HOSTILE));
    assertThat(visitor.content(WORDS)).startsWith("#" + first + " · ");
    visitor.press(Keys.ARROW_RIGHT);
    visitor.await("the other's", () -> visitor.content(WORDS).endsWith(": the end"));
    assertThat(visitor.seq()).isEqualTo(last);
    visitor.press(Keys.ARROW_LEFT);
    visitor.press(Keys.ENTER);
    visitor.awaitSeq(first);

    // In the list it is edited and deleted.
    visitor.tabBackTo("edit", () -> visitor.focusedIs("[aria-label^='Edit the bookmark']"));
    visitor.press(Keys.ENTER);
    visitor.await("the field", () -> visitor.focusedIs(INPUT));
    visitor.press(Keys.END);
    visitor.type(" edited");
    visitor.press(Keys.ENTER);
    visitor.await("the new text", () -> texts().equals(HOSTILE + "|the end edited"));
    visitor.tabTo("the list", () -> visitor.focusedIs("[aria-label^='Delete the bookmark']"));
    visitor.press(Keys.ENTER);
    visitor.await("one left", () -> texts().equals("the end edited"));

    // It is there for whoever comes back.
    visitor.browser().driver().navigate().refresh();
    visitor.awaitLive();
    visitor.await("the flag", () -> visitor.count(FLAG) == 1);
    visitor.await("the list", () -> texts().equals("the end edited"));
  }

  @Test
  void nothingIsKeptOfWhatWasCancelled() {
    visitor.press("c");
    visitor.await("the field", () -> visitor.focusedIs(INPUT));
    visitor.type("never mind");
    visitor.press(Keys.ESCAPE);
    visitor.await("the field to go", () -> !visitor.find(INPUT).isDisplayed());
    add("");
    assertThat(texts()).isEmpty();
    assertThat(visitor.content(".fs-marks__where")).startsWith("#" + visitor.seq() + " · ");
  }

  @Test
  void twoWhoLookSeeEachOthersBookmarksWithoutLoadingAnew() throws IOException {
    try (Visitor other = Visitor.at(port)) {
      other.openSample(TITLE);
      other.awaitFirstFault();
      add("mine");
      other.await("the flag", () -> other.count(FLAG) == 1);
      other.press("c");
      other.await("the field", () -> other.focusedIs(INPUT));
      other.type("yours");
      other.press(Keys.ENTER);
      visitor.await("the other's", () -> texts().equals("mine|yours"));
    }
  }

  @Test
  void flagsOfTheTimeLensTellOnHoverAndAreFine() throws IOException {
    add("here the handler is slow: it reads the message 44 µs after the fault was queued");
    visitor.press(Keys.END);
    visitor.await("the end", () -> visitor.seq() > 1000);
    add("and here all is over");
    visitor.press("2");
    visitor.await("the lanes", () -> visitor.find(".fs-time__lanes .fs-lanes").isDisplayed());
    visitor.press("f");
    String flag = ".fs-time__lanes .fs-flags__flag";
    visitor.await("two flags", () -> visitor.count(flag) == 2);
    new Actions(visitor.browser().driver())
        .moveToElement(visitor.find(flag + ":last-child"))
        .perform();
    visitor.await(
        "what it says",
        () -> visitor.text(".fs-time__lanes .fs-flags__words").endsWith("and here all is over"));
    visitor.press("c");
    visitor.await("the field", () -> visitor.focusedIs(INPUT));
    lookAndCheck("bookmarks");
  }

  @Test
  void betweenAAndBAreTheTimeTheEventsAndTheFaultsThatTheCommandLineFinds() throws IOException {
    visitor.press("2");
    visitor.press("t");
    long a = timeNs(visitor.seq());
    visitor.await("A", () -> visitor.text(STRIP).startsWith("A "));
    visitor.await("A in the link", () -> hash().contains("&a=" + a));
    for (int i = 0; i < 12; i++) {
      long seq = visitor.seq();
      visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
      visitor.await("the next fault", () -> visitor.seq() > seq);
    }
    long b = timeNs(visitor.seq());
    visitor.await("how far", () -> visitor.text(STRIP).contains("here Δ "));
    visitor.press("t");

    String where = "kind = enqueue and time >= " + a + "ns and time < " + (b + 1) + "ns";
    JsonNode said = CommandLine.json("faults", SAMPLE, "--where", where, "--json", "--limit", "0");
    int unread = said.path("unreadFaults").asInt();
    int faults = said.path("faults").asInt() + unread;
    long events = hits("time >= " + a + "ns and time <= " + b + "ns");
    assertThat(faults).isPositive();
    assertThat(events).isGreaterThan(faults);
    assertThat(unread).isPositive();
    String told =
        " · Δ %s events · queued: %s faults, %s of them unread · "
            .formatted(counted(events), counted(faults), counted(unread));
    visitor.await("the totals", () -> visitor.text(STRIP).contains(told));
    assertThat(visitor.text(STRIP)).startsWith("A ").contains(" · B ", " · Δ ");
    assertThat(visitor.attribute(STRIP, "title").replaceAll("\\p{Z}", ""))
        .isEqualTo("A" + a + "ns,B" + b + "ns,Δ" + (b - a) + "ns");
    visitor.await("no A alone", () -> !hash().contains("&a="));
    visitor.press("s");
    lookAndCheck("a-b");

    visitor.await("the link", () -> hash().contains("query=kind"));
    visitor.browser().driver().navigate().refresh();
    visitor.awaitLive();
    visitor.await("the same", () -> visitor.text(STRIP).contains(told));
    visitor.press(Keys.SHIFT, "t");
    visitor.await("neither", () -> !visitor.find(".fs-time .fs-area").isDisplayed());
  }

  /** In both themes. */
  private void lookAndCheck(String name) throws IOException {
    assertThat(Axe.findings(visitor.browser().driver())).isEmpty();
    visitor.look(name);
    assertThat(Axe.findings(visitor.browser().driver())).isEmpty();
  }

  private long timeNs(long seq) {
    Number timeNs =
        visitor.script(
            """
            const id = location.pathname.split("/").at(-1);
            const fields = new URLSearchParams({query: `seq = ${arguments[0]}`, limit: 1, from: arguments[0]});
            return fetch(`/api/recordings/${id}/search?${fields}`)
              .then((answer) => answer.json())
              .then(({hits}) => hits[0].timeNs);
            """,
            seq);
    return timeNs.longValue();
  }

  private long hits(String query) {
    List<Number> found =
        visitor.script(
            """
            const id = location.pathname.split("/").at(-1);
            return fetch(`/api/recordings/${id}/hits?${new URLSearchParams({query: arguments[0]})}`)
              .then((answer) => answer.json())
              .then(({count, complete}) => [count, complete ? 1 : 0]);
            """,
            query);
    assertThat(found.get(1).intValue()).isEqualTo(1);
    return found.get(0).longValue();
  }

  private String hash() {
    return visitor.script("return location.hash");
  }

  private static String counted(long count) {
    return String.format(Locale.ROOT, "%,d", count).replace(',', '\u202f');
  }
}
