package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultscope.session.query.FaultRows;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import tools.jackson.databind.JsonNode;

/** Heatmaps of the time lens are what the command line says, and an area of them narrows all. */
@Journey
class HeatmapJourneyTest extends Visiting {
  private static final String SAMPLE = "sample-traces/b_kvm_2vcpu_rand_pvm.trace.txt";
  private static final String SURFACE = ".fs-heat__surface";
  private static final String STRIP = ".fs-time .fs-area p";

  /** Left of the cells, right of them, above and below them; CSS pixels. */
  private static final int LABEL = 112;

  private static final int RIGHT = 12;
  private static final int AXIS = 22;
  private static final int BOTTOM = 4;

  @BeforeEach
  void arrive() throws IOException {
    visitor.openSample("Two vCPUs in random order");
    visitor.awaitFirstFault();
    visitor.press("2");
    awaitFaults();
  }

  @Test
  void latencyCellsAreThoseOfTheCommandLine() throws IOException {
    checkPeak("latency");
    visitor.look("heatmap-latency");
  }

  @Test
  void addressCellsAreThoseOfTheCommandLine() throws IOException {
    visitor.find(".fs-heat__kind[data-of=address]").click();
    visitor.await("the addresses", () -> label().contains("time and address"));
    checkPeak("address");
    visitor.look("heatmap-address");
  }

  private void checkPeak(String of) {
    JsonNode said = heatmap(of);
    assertThat(label())
        .contains(
            counted(said.path("faults").asInt())
                + " faults, at most "
                + counted(said.path("peak").asInt()));
    assertThat(visitor.text(".fs-time__heat .fs-pane__note"))
        .isEqualTo(
            counted(said.path("faults").asInt())
                + " faults, "
                + counted(said.path("unread").asInt())
                + " of them unread");
    int rows = said.path("rows").size();
    for (int row = 0; row < rows; row++) {
      JsonNode cells = said.path("rows").get(row).path("faults");
      for (int column = 0; column < cells.size(); column++) {
        if (cells.get(column).equals(said.path("peak"))) {
          hover(column, cells.size(), row, rows);
          assertThat(visitor.text(SURFACE + " .fs-tooltip"))
              .startsWith(counted(said.path("peak").asInt()) + " fault");
          return;
        }
      }
    }
    throw new AssertionError("no cell has the peak of " + said.path("peak"));
  }

  @Test
  void draggedAreaNarrowsEverythingToWhatTheCommandLineFinds() throws IOException {
    WebElement surface = visitor.find(SURFACE);
    int width = plotWidth();
    new Actions(visitor.browser().driver())
        .moveToElement(surface, -surface.getSize().width / 2 + LABEL + width / 4, 0)
        .clickAndHold()
        .moveByOffset(width / 3, -30)
        .release()
        .perform();
    checkStrip("time >= \\d+ns and time < \\d+ns and waited >= \\d+ns and waited < \\d+ns");
    visitor.look("heatmap-area");
    visitor.find(".fs-time .fs-area button:last-child").click();
    visitor.await("no area", () -> !visitor.find(".fs-time .fs-area").isDisplayed());
    visitor.await("no predicate", () -> query().isEmpty());
  }

  @Test
  void draggedStretchOfALaneHasItsThreadsFaults() {
    WebElement surface = visitor.find(".fs-time__lanes .fs-lanes__surface");
    int width = plotWidth();
    int down = -surface.getSize().height / 2 + AXIS + 10;
    new Actions(visitor.browser().driver())
        .moveToElement(surface, -surface.getSize().width / 2 + LABEL + width / 5, down)
        .clickAndHold()
        .moveByOffset(width / 2, 0)
        .release()
        .perform();
    checkStrip("kind = enqueue and time >= \\d+ns and time < \\d+ns and actor in \\{\"vCPU 0\"}");
  }

  @Test
  void areaIsSelectedAndDroppedByKeyboardAlone() {
    visitor.press("g");
    visitor.tabTo("the heatmap", () -> visitor.focusedIs(SURFACE));
    visitor.press(Keys.HOME);
    visitor.press(Keys.ARROW_UP);
    visitor.press(Keys.ARROW_UP);
    for (int i = 0; i < 60; i++) {
      visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    }
    visitor.press(Keys.SHIFT, Keys.ARROW_UP);
    checkStrip("time >= \\d+ns and time < \\d+ns and waited >= \\d+ns and waited < \\d+ns");
    visitor.press(Keys.SHIFT, "t");
    visitor.await("no area", () -> query().isEmpty());

    // From one moment to another, of all threads.
    visitor.press(Keys.HOME);
    visitor.awaitSeq(0);
    visitor.press("t");
    visitor.press(Keys.END);
    visitor.await("the end", () -> visitor.seq() > 0);
    visitor.press("t");
    checkStrip("kind = enqueue and time >= 0ns and time < \\d+ns");
    assertThat(visitor.text(STRIP))
        .contains(counted(heatmap("latency").path("faults").asInt()) + " faults");
  }

  @Test
  void zoomKeysShowLessTimeAroundThePointer() {
    String whole = visitor.text(".fs-heat__legend");
    hover(columns() * 3 / 4, columns(), 0, 1);
    String there = visitor.text(SURFACE + " .fs-tooltip");
    for (int i = 0; i < 6; i++) {
      visitor.press("w");
    }
    visitor.await("less time", () -> !visitor.text(".fs-heat__legend").equals(whole));
    // What was under the pointer still is.
    assertThat(seconds(columns() * 3 / 4)).isCloseTo(clock(there), within(0.01));
    visitor.press("d");
    visitor.press("f");
    visitor.await("all of it", () -> visitor.text(".fs-heat__legend").equals(whole));
  }

  private double seconds(int column) {
    hover(column + 1, columns(), 0, 1);
    hover(column, columns(), 0, 1);
    return clock(visitor.text(SURFACE + " .fs-tooltip"));
  }

  /** When the cell of a tooltip begins. */
  private static double clock(String tooltip) {
    return Double.parseDouble(
        tooltip
            .replaceAll("(?s).*(?:woken|queued) ([\\d.\\p{Z}]+) s to.*", "$1")
            .replaceAll("\\p{Z}", ""));
  }

  @Test
  void laneSaysHowMuchOfTheTimeItWasBlocked() {
    double said =
        CommandLine.json("lanes", SAMPLE, "--json")
            .path("lanes")
            .valueStream()
            .filter(lane -> lane.path("name").stringValue().equals("vCPU 0"))
            .findFirst()
            .orElseThrow()
            .path("blocked")
            .get(0)
            .doubleValue();
    visitor.press("g");
    visitor.press(Keys.ARROW_UP);
    visitor.await(
        "its share",
        () ->
            visitor
                .content(".fs-time__lanes .fs-spoken[aria-live]")
                .endsWith("blocked " + Math.round(said * 100) + " % of the time shown"));
  }

  /** The strip's totals and the table's rows are those of the predicate on the command line. */
  private void checkStrip(String pattern) {
    visitor.await("a predicate", () -> query().matches(pattern));
    // The address follows what is selected when that rests: the last answer counts.
    Map<String, Integer> found = new HashMap<>();
    visitor.await(
        "its faults",
        () ->
            visitor
                .text(STRIP)
                .contains(
                    ": "
                        + counted(found.computeIfAbsent(query(), HeatmapJourneyTest::faultsOf))
                        + " fault"));
    int faults = found.getOrDefault(query(), 0);
    assertThat(faults).isPositive();
    assertThat(visitor.text(STRIP)).contains("answered by CONTINUE " + counted(faults));
    visitor.press("3");
    visitor.find("#table-faults").click();
    visitor.await(
        "its rows",
        () ->
            visitor
                .attribute("[role=grid]", "aria-rowcount")
                // Where there are more, a row stands for those still to come.
                .equals("" + (Math.min(FaultRows.MAX_ROWS + 1, faults) + 1)));
    visitor.press("2");
  }

  private String query() {
    return visitor.script("return new URLSearchParams(location.hash.slice(1)).get('query') ?? ''");
  }

  private String label() {
    return visitor.attribute(SURFACE, "aria-label");
  }

  private void awaitFaults() {
    visitor.await("a heatmap", () -> label().contains(" faults, at most "));
    visitor.press("f");
    String all = counted(heatmap("latency").path("faults").asInt()) + " faults, at most ";
    visitor.await("the heatmap of all", () -> label().contains(all));
  }

  private int plotWidth() {
    return visitor.find(SURFACE).getSize().width - LABEL - RIGHT;
  }

  private int columns() {
    return plotWidth() / 5;
  }

  private void hover(int column, int columns, int row, int rows) {
    WebElement surface = visitor.find(SURFACE);
    int height = surface.getSize().height - AXIS - BOTTOM;
    double x = LABEL + (column + 0.5) * plotWidth() / columns;
    double y = AXIS + height - (row + 0.5) * height / rows;
    new Actions(visitor.browser().driver())
        .moveToElement(
            surface,
            (int) Math.round(x - surface.getSize().width / 2.0),
            (int) Math.round(y - surface.getSize().height / 2.0))
        .perform();
    visitor.await("a tooltip", () -> !visitor.text(SURFACE + " .fs-tooltip").isEmpty());
  }

  private JsonNode heatmap(String of) {
    int height = visitor.find(SURFACE).getSize().height - AXIS - BOTTOM;
    return CommandLine.json(
        "heatmap",
        SAMPLE,
        "--of",
        of,
        "--columns",
        String.valueOf(columns()),
        "--rows",
        String.valueOf(height / 7),
        "--json");
  }

  /** How many the command line finds, unread ones among them. */
  private static int faultsOf(String where) {
    JsonNode said = CommandLine.json("faults", SAMPLE, "--json", "--limit", "0", "--where", where);
    return said.path("faults").asInt() + said.path("unreadFaults").asInt();
  }

  private static String counted(int count) {
    return String.format(Locale.ROOT, "%,d", count).replace(',', '\u202f');
  }
}
