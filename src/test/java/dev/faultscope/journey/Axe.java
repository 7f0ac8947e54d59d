package dev.faultscope.journey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openqa.selenium.chrome.ChromeDriver;

/** Asks axe-core what is wrong with a page as it stands now. */
final class Axe {
  private static final String SCRIPT = read();

  /**
   * Every rule that is on by itself, best practices included, and the experimental ones, of which
   * "what is shown is part of the name" is one. Off is focus-order-semantics alone: it takes every
   * separator for a line, also one with a value that the keyboard moves, which ARIA calls a widget.
   */
  private static final String RUN =
      """
      const done = arguments[arguments.length - 1];
      const experimental = axe.getRules(["experimental"]).map(({ ruleId }) => ruleId);
      const isOn = (id) => id !== "focus-order-semantics";
      axe.run(document, {
        resultTypes: ["violations"],
        rules: Object.fromEntries(experimental.map((id) => [id, { enabled: isOn(id) }])),
      }).then(
        ({ violations }) => done(violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, html, failureSummary }) =>
            `${id} at ${target.join(" ")}: ${html.slice(0, 160)} ${failureSummary}`))),
        (error) => done([`axe-core failed: ${error}`]));
      """;

  private Axe() {}

  /** {@return what axe-core finds, a line each: rule, element, what to do} */
  @SuppressWarnings("unchecked")
  static List<String> findings(ChromeDriver browser) {
    browser.executeScript("if (!window.axe) {" + SCRIPT + "}");
    Object found = browser.executeAsyncScript(RUN);
    return ((List<String>) found).stream().map(each -> each.replaceAll("\\s+", " ")).toList();
  }

  private static String read() {
    try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
      if (in == null) {
        throw new IllegalStateException("axe.min.js is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
