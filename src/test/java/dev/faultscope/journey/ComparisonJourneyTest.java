package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** A person asks which handler is best for a scenario. */
@Journey
@Requires(Requirement.BROWSER)
class ComparisonJourneyTest extends Visiting {
  @Test
  void handlersAreComparedFromTheGallery() throws IOException {
    String card = "[data-scenario='snapshot-restore']";
    visitor.await("the gallery", () -> visitor.count(card) == 1);
    visitor.find(card + " a[href^='/compare']").click();
    visitor.await("the policies", () -> visitor.count("input[value='oracle']") == 1);
    assertThat(visitor.count("input[type=checkbox][value]:checked")).isEqualTo(7);

    compare();

    List<String> policies = names("tr[data-policy] th");
    assertThat(policies)
        .contains("on-demand", "batch", "working-set", "oracle", "all-resident")
        .hasSize(7);
    assertThat(visitor.text(".fs-compare__says")).contains("waited least").contains("longest");
    assertThat(visitor.count(".fs-curves path[class='fs-plot__line']")).isEqualTo(7);
    assertThat(stallNs("oracle")).isLessThan(stallNs("on-demand"));
    assertThat(stallNs("all-resident")).isZero();
    new Actions(visitor.browser().driver())
        .moveToElement(visitor.find(".fs-curves svg"), -100, 20)
        .perform();
    visitor.await("the readout", () -> visitor.count(".fs-curves__readout li") == 8);
    pictures();
  }

  @Test
  void aTextOfOnesOwnIsComparedWithTheKeyboardAndSaved() {
    visitor.open("/scenario");
    visitor.await(
        "a scenario",
        () -> visitor.text(".fs-editor__verdict").contains("No mistakes: “My scenario”"));
    visitor
        .browser()
        .driver()
        .findElement(By.xpath("//button[text()='Compare handlers…']"))
        .click();
    visitor.await("the policies", () -> visitor.count("input[value='oracle']") == 1);
    visitor.find("textarea[name=more]").sendKeys("{name: batch, after: 63}");
    visitor.find("input[name=seed]").sendKeys("1, 2, three");
    visitor.press(Keys.CONTROL, Keys.ENTER);
    visitor.await("the mistake", () -> visitor.text("#wrong-seed").contains("whole numbers"));
    visitor.find("input[name=seed]").clear();
    visitor.find("input[name=seed]").sendKeys("1, 2");
    compare();

    assertThat(names("tr[data-policy] th")).contains("{name: batch, after: 63}");
    assertThat(visitor.text(".fs-compare__state")).isEqualTo("16 runs");
    assertThat(visitor.text(".fs-compare__results")).contains("Medians of the seeds 1, 2");
    assertThat(saved("CSV").lines()).hasSize(17);
    assertThat(saved("JSON")).contains("\"curve\"").contains("\"seed\": 2");
    assertThat(saved("SVG")).startsWith("<svg").contains("stroke=\"rgb(").doesNotContain("var(--");
  }

  @Test
  @Requires({Requirement.BROWSER, Requirement.UFFD})
  void aRealRunStandsBesideTheSimulatedOne() {
    visitor.open("/scenario");
    visitor.await(
        "a scenario",
        () -> visitor.text(".fs-editor__verdict").contains("No mistakes: “My scenario”"));
    visitor
        .browser()
        .driver()
        .findElement(By.xpath("//button[text()='Compare handlers…']"))
        .click();
    visitor.await("the policies", () -> visitor.count("input[value='oracle']") == 1);
    visitor.find("select[name=engine] option[value='simulation,live']").click();
    visitor.find("textarea[name=set]").sendKeys("handlers.h.source=nvme");
    visitor.press(Keys.CONTROL, Keys.ENTER);
    visitor.await(
        "the remedy",
        () -> visitor.text(".fs-compare__state").contains("set handlers.h.source to page-cache"));
    visitor.find("textarea[name=set]").clear();
    compare();

    assertThat(visitor.count("tr[data-policy='on-demand']")).isEqualTo(2);
    assertThat(names("tr[data-policy='on-demand'] td:nth-of-type(1)"))
        .containsExactly("simulated", "real");
    // Every page is asked for once on either kernel: faults and ioctls are the same.
    List<String> ratios = names("tr[data-ratio='on-demand'] td");
    assertThat(ratios).hasSize(5).startsWith("1×", "1×");
    assertThat(ratios.subList(2, 5)).allMatch(times -> times.endsWith("×"));
  }

  @Test
  void aMistakeInASettingIsSaid() {
    visitor.open("/compare?scenario=snapshot-restore");
    visitor.await("the policies", () -> visitor.count("input[value='oracle']") == 1);
    visitor.find("textarea[name=set]").sendKeys("memory.ram.pages=many");
    visitor.press(Keys.CONTROL, Keys.ENTER);
    visitor.await("the answer", () -> visitor.text(".fs-editor__failure").contains("many"));
    assertThat(visitor.find(".fs-compare__empty").isDisplayed()).isTrue();
  }

  private void compare() {
    visitor.press(Keys.CONTROL, Keys.ENTER);
    visitor.await("the end", () -> visitor.attribute("#app", "data-comparison").equals("DONE"));
  }

  private List<String> names(String css) {
    return visitor.browser().driver().findElements(By.cssSelector(css)).stream()
        .map(each -> each.getText().strip())
        .toList();
  }

  /** Time that the workers waited under a policy, exact as in the title. */
  private long stallNs(String policy) {
    String title =
        visitor.script(
            "return document.querySelector(`[data-policy='${arguments[0]}']`).cells[4].title",
            policy);
    return Long.parseLong(title.replaceAll("\\D", ""));
  }

  /** What a button would save. */
  private String saved(String label) {
    visitor.script(
        """
        window.savedText = null;
        URL.createObjectURL = (blob) => { blob.text().then((text) => { window.savedText = text; }); return '#'; };
        return true;
        """);
    visitor.browser().driver().findElement(By.xpath("//button[text()='" + label + "']")).click();
    visitor.await("the file", () -> saved().containsKey("text"));
    return String.valueOf(saved().get("text"));
  }

  private Map<String, String> saved() {
    return visitor.script("return window.savedText === null ? {} : {text: window.savedText}");
  }

  private void pictures() throws IOException {
    visitor.browser().screenshot("compare");
    visitor.browser().resize(1920, 1080);
    visitor.script("document.documentElement.dataset.theme = 'dark'; return true;");
    visitor.browser().screenshot("compare-dark");
  }
}
