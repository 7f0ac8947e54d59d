package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** A person does the same to a scenario on both kernels, with the same keys, and sees the same. */
@Journey
@Requires({Requirement.UFFD, Requirement.BROWSER})
class OneHandJourneyTest extends Visiting {
  private static final String CARD = "[data-scenario=two-regions]";

  private RunPage page;

  @BeforeEach
  void arrive() throws IOException {
    page = new RunPage(visitor);
  }

  @Test
  void theSameHandOnBothKernelsSeesTheSame() throws IOException {
    List<String> simulated = play("simulation");
    List<String> live = play("live");
    assertThat(live).hasSizeGreaterThan(10).isEqualTo(simulated);
  }

  /** Plays on one kernel. {@return what was told and shown after every deed} */
  private List<String> play(String engine) throws IOException {
    visitor.open("/");
    boolean isLive = engine.equals("live");
    By start =
        By.cssSelector(CARD + (isLive ? " .fs-scenario__foot button" : " .fs-scenario__open"));
    visitor.await("the card", () -> visitor.browser().driver().findElement(start).isDisplayed());
    visitor.browser().driver().findElement(start).click();
    page.await();
    page.openHand();
    if (!isLive) {
      visitor.press("m");
      visitor.await("manual", () -> visitor.text(".fs-hand__says").contains("wait for you"));
    }
    List<String> seen = new ArrayList<>();
    awaitSleepers(isLive, "left 0x0", "right 0x0");

    // The second region, wrongly and rightly; DONTWAKE leaves its sleeper to WAKE.
    choose("right 0x0");
    deed(seen, isLive, "COPY");
    visitor.browser().screenshot("one-hand-" + engine);
    deed(seen, isLive, "CONTINUE", "DONTWAKE");
    deed(seen, isLive, "WAKE");
    awaitSleepers(isLive, "left 0x0", "right 0x1");
    choose("left 0x0");
    deed(seen, isLive, "COPY");
    awaitSleepers(isLive, "left 0x1", "right 0x1");

    // Protected while its thread sleeps elsewhere; the second round writes to it.
    place("left", "0x0");
    deed(seen, isLive, "WRITEPROTECT", "WP");
    for (String each : List.of("0x1", "0x2", "0x3")) {
      choose("left " + each);
      deed(seen, isLive, "COPY");
      awaitSleepers(isLive, "left " + (each.equals("0x3") ? "0x0" : next(each)), "right 0x1");
    }
    choose("left 0x0");
    assertThat(visitor.text(".fs-hand__queue")).contains("writer write, write-protect");
    deed(seen, isLive, "WRITEPROTECT", "DONTWAKE");
    deed(seen, isLive, "WAKE");
    awaitSleepers(isLive, "right 0x1");

    // The step of the keyboard, which is the policy's answer where a real fault is held.
    visitor.press(Keys.END);
    if (isLive) {
      visitor.press(Keys.ARROW_RIGHT);
    } else {
      visitor.press("p");
      visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    }
    awaitSleepers(isLive, "right 0x2");
    visitor.browser().screenshot("one-hand-end-" + engine);
    visitor.press("m");
    if (isLive) {
      visitor.await("it is done", () -> page.state().startsWith("Over"));
      assertThat(visitor.text(".fs-run__facts")).contains("on-demand");
      // Its threads and their memory are there until somebody ends it.
      page.press("End");
      visitor.await("it has ended", () -> page.state().contains("what was recorded stays"));
    }
    return seen;
  }

  private static String next(String page) {
    return "0x" + (page.charAt(2) - '0' + 1);
  }

  private List<String> sleepers() {
    return visitor
        .browser()
        .driver()
        .findElements(By.cssSelector(RunPage.QUEUE + " .fs-hand__page"))
        .stream()
        .map(each -> each.getText())
        .sorted()
        .toList();
  }

  /** A simulation stands still after every hand: it is made to go on. Real threads do it. */
  private void awaitSleepers(boolean isLive, String... pages) {
    visitor.await(
        "sleepers " + List.of(pages),
        () -> {
          if (!isLive && page.state().startsWith("Paused")) {
            visitor.press(Keys.SHIFT, "r");
          }
          return sleepers().equals(List.of(pages));
        });
    if (!isLive) {
      readAll();
    }
  }

  /** Nobody reads messages while the simulated handlers wait. */
  private void readAll() {
    for (int left = unread(); left > 0; left--) {
      int before = left;
      visitor.press("u");
      visitor.await("a message is read", () -> unread() < before);
    }
  }

  private int unread() {
    return (int)
        visitor
            .browser()
            .driver()
            .findElements(By.cssSelector(RunPage.QUEUE + " .fs-hand__who"))
            .stream()
            .filter(each -> !each.getText().endsWith(", read"))
            .count();
  }

  private void choose(String place) {
    visitor.browser().driver().findElements(By.cssSelector(RunPage.QUEUE)).stream()
        .filter(each -> each.getText().startsWith(place + "\n"))
        .findFirst()
        .orElseThrow()
        .click();
    String[] parts = place.split(" ");
    place(parts[0], parts[1]);
  }

  private void place(String region, String first) {
    visitor.script(
        """
        const form = document.querySelector("form[aria-label=ioctl]");
        const region = form.querySelector("[aria-label=Region]");
        region.value = [...region.options].find((each) => each.text === arguments[0]).value;
        form.querySelector("[aria-label='First page']").value = arguments[1];
        return true;
        """,
        region,
        first);
  }

  /** An ioctl, and what the log, the page's queue and its causes say then. */
  private void deed(List<String> seen, boolean isLive, String name, String... modes) {
    String before = visitor.count(RunPage.NEWEST) == 0 ? "" : page.newest();
    int inputs = visitor.count(".fs-inputs__input");
    page.makeIoctl(name, modes);
    visitor.await(
        name, () -> visitor.count(".fs-inputs__input") > inputs || !page.newest().equals(before));
    seen.add(
        visitor.text(RunPage.NEWEST + " .fs-inputs__what")
            + ": "
            + visitor.text(RunPage.NEWEST + " .fs-inputs__result"));
    visitor.await("it is shown", this::isAtEnd);
    seen.addAll(told());
  }

  private boolean isAtEnd() {
    String[] where = visitor.content(".fs-transport__where > div").split("/", 2);
    return where[0].strip().equals(where[1].strip());
  }

  /**
   * The narrator's sentences and the causal chain of the last call, event by event. What differs is
   * who makes the calls, that a real access is concluded, and who touched the page.
   */
  private List<String> told() {
    return visitor.script(
        """
        const get = (path) => {
          const request = new XMLHttpRequest();
          request.open("GET", `/api/recordings/${location.pathname.split("/").at(-1)}${path}`, false);
          request.send();
          return JSON.parse(request.responseText);
        };
        const { hits } = get(`/search?query=kind%20%3D%20ioctl&from=${get("").events}&direction=-1&limit=1`);
        const told = (text) => text.replace(/^h |^handler /, "the handler ").replace(/by (h|handler)\\b/, "by the handler")
          .replace(/ \\((inferred|user-mode access)\\)/g, "");
        return get(`/causes?seq=${hits[0].seq}`).map(({ kind, text }) => `${kind}: ${told(text)}`);
        """);
  }
}
