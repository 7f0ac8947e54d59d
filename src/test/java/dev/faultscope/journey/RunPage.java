package dev.faultscope.journey;

import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** What a person sees of a run in the explorer, and does to it, whichever kernel it runs on. */
final class RunPage {
  static final String STATE = ".fs-run__state";
  static final String QUEUE = ".fs-hand__queue [role=option]";
  static final String NEWEST = ".fs-inputs__input:first-child";

  private final Visitor visitor;

  RunPage(Visitor visitor) {
    this.visitor = visitor;
  }

  /** Waits until the run's bar is there. */
  void await() {
    visitor.await("the explorer", () -> visitor.path().startsWith("/explore/"));
    visitor.awaitLive();
    visitor.await("the run's bar", () -> visitor.find(".fs-run").isDisplayed());
  }

  /** Opens the pane in which a person is the handler. */
  void openHand() {
    visitor.press("h");
    visitor.await("the pane", () -> visitor.find("form[aria-label=ioctl]").isDisplayed());
  }

  String state() {
    return visitor.text(STATE);
  }

  String newest() {
    return visitor.text(NEWEST);
  }

  /** Waits until just this waits: a region's name and a page in hexadecimal. */
  void awaitHeld(String place) {
    visitor.await(
        place + " is held",
        () -> visitor.count(QUEUE) == 1 && visitor.text(QUEUE).startsWith(place + "\n"));
  }

  /** Waits until a person's last input is this and says all that. */
  void awaitAnswer(String... said) {
    visitor.await(
        String.join(", ", said), () -> List.of(said).stream().allMatch(newest()::contains));
  }

  void awaitOver() {
    visitor.await("the end", () -> state().startsWith("Over"));
  }

  void press(String label) {
    visitor.browser().driver().findElement(By.xpath("//footer//button[.='" + label + "']")).click();
  }

  /** Makes an ioctl as the form stands, with the key. */
  void makeIoctl(String name, String... modes) {
    visitor.script(
        """
        const form = document.querySelector("form[aria-label=ioctl]");
        const select = form.querySelector("select[aria-label=ioctl]");
        select.value = arguments[0];
        select.dispatchEvent(new Event("change"));
        for (const box of form.querySelectorAll("[aria-label='Mode bits'] input")) {
          box.checked = arguments[1].includes(box.value);
        }
        return true;
        """,
        name,
        List.of(modes));
    visitor.press("o");
  }

  /** Holds the run at what a predicate finds, with the keys. */
  void holdAt(String query) {
    visitor.press(":");
    visitor.type(query);
    visitor.press(Keys.ENTER);
    visitor.press(Keys.ESCAPE);
    visitor.press("b");
    visitor.await("the predicate", () -> visitor.text(".fs-run__hold").contains(query));
  }
}
