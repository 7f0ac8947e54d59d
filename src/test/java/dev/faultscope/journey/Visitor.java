package dev.faultscope.journey;

import dev.faultscope.testsupport.Browser;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A person with a browser: opens pages, presses keys, and waits until the page says that it is so.
 */
final class Visitor implements AutoCloseable {
  /** Longer than anything takes on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The two-vCPU KVM sample. */
  static final String TWO_VCPUS = "Two vCPUs";

  private final Browser browser;
  private final String address;

  static final int MOST_TABS = 120;
  private static final String THEME =
      "header button[aria-label^=Light], header button[title^=Light]";

  private Visitor(Browser browser, String address) {
    this.browser = browser;
    this.address = address;
  }

  /** A browser that has opened the printed link of a program on this port. */
  static Visitor at(int port) throws IOException {
    Visitor visitor = new Visitor(Browser.open(1280, 720), "http://127.0.0.1:" + port);
    visitor.browser.driver().get(visitor.address + "/#token=" + Journey.TOKEN);
    visitor.await("the start page", () -> visitor.find(".fs-start").isDisplayed());
    return visitor;
  }

  Browser browser() {
    return browser;
  }

  void open(String path) {
    browser.driver().get(address + path);
  }

  String path() {
    return Objects.requireNonNull(browser.driver().getCurrentUrl()).substring(address.length());
  }

  WebElement find(String css) {
    return browser.driver().findElement(By.cssSelector(css));
  }

  int count(String css) {
    return browser.driver().findElements(By.cssSelector(css)).size();
  }

  String text(String css) {
    return find(css).getText();
  }

  /** Text as it stands in the page, spaces and all. */
  String content(String css) {
    return script("return document.querySelector(arguments[0]).textContent", css);
  }

  /** An attribute; empty where it is missing. */
  String attribute(String css, String name) {
    return Objects.requireNonNullElse(find(css).getDomAttribute(name), "");
  }

  /** Presses keys together, wherever the focus is. */
  void press(CharSequence... keys) {
    Actions actions = new Actions(browser.driver());
    for (int i = 0; i < keys.length - 1; i++) {
      actions.keyDown(keys[i]);
    }
    actions.sendKeys(keys[keys.length - 1]);
    for (int i = keys.length - 2; i >= 0; i--) {
      actions.keyUp(keys[i]);
    }
    actions.perform();
  }

  void type(String text) {
    new Actions(browser.driver()).sendKeys(text).perform();
  }

  /** Opens a sample by its link on the start page and waits for its first picture. */
  void openSample(String title) {
    open("/");
    By link = By.partialLinkText(title);
    // While samples are still read, the page draws their rows anew.
    await(
        "the sample " + title,
        () -> {
          browser.driver().findElement(link).click();
          return true;
        });
    awaitLive();
  }

  /** Waits until the explorer shows a moment of a connected session, with the facts of its page. */
  void awaitLive() {
    await(
        "a live picture",
        () ->
            attribute("#app", "data-phase").equals("live")
                && !attribute("#app", "data-seq").isEmpty());
  }

  /** Waits until the recording is read whole and the moment is after its start. */
  void awaitFirstFault() {
    await("the first fault", () -> seq() > 0 && text(".fs-connection").contains("recorded"));
  }

  /** The moment that was painted last. */
  long seq() {
    String seq = attribute("#app", "data-seq");
    return seq.isEmpty() ? -1 : Long.parseLong(seq);
  }

  void awaitSeq(long seq) {
    await("moment " + seq, () -> seq() == seq);
  }

  /** Steps and waits for each picture. */
  void step(Keys key, int times) {
    long by = key == Keys.ARROW_RIGHT ? 1 : -1;
    for (int i = 0; i < times; i++) {
      long next = seq() + by;
      press(key);
      awaitSeq(next);
    }
  }

  /** What the grid shows, pixel by pixel. */
  String gridPixels() {
    return pixels(".fs-space__surface canvas");
  }

  String pixels(String canvas) {
    return script("return document.querySelector(arguments[0]).toDataURL()", canvas);
  }

  @SuppressWarnings("unchecked")
  <T> T script(String script, Object... arguments) {
    JavascriptExecutor executor = browser.driver();
    return (T) Objects.requireNonNull(executor.executeScript(script, arguments), script);
  }

  /** Goes on with Tab until something is so. */
  void tabTo(String what, Supplier<Boolean> there) {
    tab(what, there, Keys.TAB);
  }

  /** Goes back with Tab until something is so. */
  void tabBackTo(String what, Supplier<Boolean> there) {
    tab(what, there, Keys.SHIFT, Keys.TAB);
  }

  private void tab(String what, Supplier<Boolean> there, CharSequence... keys) {
    for (int i = 0; i < MOST_TABS && !there.get(); i++) {
      press(keys);
    }
    if (!there.get()) {
      throw new AssertionError("Tab does not lead to " + what);
    }
  }

  /** The text of the link, button or summary that has the focus, empty for none. */
  String focusedText() {
    return script(
        "return document.querySelector('a:focus, button:focus, summary:focus')?.textContent ?? ''");
  }

  boolean focusedIs(String css) {
    return script("return document.activeElement?.matches(arguments[0]) ?? false", css);
  }

  /** Takes pictures to look at: in three widths, then dark. */
  void look(String name) throws IOException {
    for (int width : new int[] {1024, 1280, 1920}) {
      browser.resize(width, width * 9 / 16);
      browser.screenshot(name + "-" + width);
    }
    // From what the system says to light, and on to dark.
    find(THEME).click();
    find(THEME).click();
    browser.screenshot(name + "-dark");
  }

  /** Waits until something is so; what throws is not so yet. */
  void await(String what, Supplier<Boolean> condition) {
    new WebDriverWait(browser.driver(), PATIENCE)
        .ignoring(RuntimeException.class)
        .withMessage(() -> "waited for " + what + " at " + path())
        .until(_ -> condition.get());
  }

  @Override
  public void close() {
    browser.close();
  }
}
