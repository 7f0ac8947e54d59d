package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** A guest whose faults meet no userfaultfd: KVM answers them, and takes pages away again. */
@Journey
class StageTwoJourneyTest extends Visiting {
  private static final String FILE = "sample-traces/s2_huge.trace.txt";
  private static final String ZOOM = ".fs-lenses__tools .fs-number";

  @BeforeEach
  void arrive() throws IOException {
    visitor.openSample("Stage 2 without a userfaultfd");
    visitor.awaitFirstFault();
  }

  @Test
  void faultsHaveTheirCausesAndPartsAndAreThoseOfTheCommandLine() throws IOException {
    visitor.press("3");
    visitor.find("#table-faults").click();
    visitor.await("rows", () -> visitor.count(".fs-table__row") > 5);
    visitor.await("the sums", () -> visitor.count(".fs-sums__bar") > 0);
    JsonNode stats = CommandLine.json("stats", FILE, "--json");
    JsonNode said =
        CommandLine.json("faults", FILE, "--json", "--group-by", "cause", "--sort", "latency");

    assertThat(said.path("origin").stringValue()).isEqualTo("stage2");
    assertThat(said.path("faults").asLong()).isEqualTo(stats.path("faults").asLong());
    assertThat(visitor.text(".fs-tables__note"))
        .isEqualTo(counted(stats.path("faults").asLong()) + " faults");
    assertThat(visitor.text(".fs-sums__figures"))
        .startsWith("From exit to entry, " + counted(stats.path("faults").asLong()) + " faults");
    assertThat(heads())
        .contains("cause", "to KVM", "to page", "to entry")
        .doesNotContain("answer", "to ioctl", "ioctl", "to retry", "unread");
    visitor.await(
        "the causes", () -> visitor.count(".fs-sums tbody tr") == said.path("groups").size());
    for (JsonNode group : said.path("groups")) {
      assertThat(visitor.text(".fs-sums tbody"))
          .contains(
              group.path("cause").stringValue().replace("stage 2: ", "")
                  + " "
                  + counted(group.path("faults").asLong()));
    }
    JsonNode leaves = stats.path("leaves");
    visitor.await(
        "what stage 2 came to",
        () ->
            visitor
                .content(".fs-sums__whole")
                .replace('\u00a0', ' ')
                .contains(
                    "%s of 4 KiB, %s of 2 MiB · %s pages zapped · %s MMIO exits"
                        .formatted(
                            counted(leaves.path("4K").asLong()),
                            counted(leaves.path("2M").asLong()),
                            counted(stats.path("zappedPages").asLong()),
                            counted(stats.path("mmioExits").asLong()))));
    visitor.look("stage2-faults");
  }

  @Test
  void memoryFillsALeafIsSplitPagesAreTakenAwayAndTheStoryOfTheSlowestFaultIsTold()
      throws IOException {
    visitor.press("v");
    visitor.press("v");
    visitor.await("the guest layer", () -> visitor.path().contains("layer=guest"));
    long before = pages("mapped");
    visitor.browser().screenshot("stage2-guest-start");

    // The guest's memory fills: its first huge leaf is 512 pages at once, told in three parts.
    next("kind = install and state has leaf-2m and not before has leaf-2m");
    visitor.step(Keys.ARROW_RIGHT, 2);
    visitor.await("the whole leaf", () -> mapped() == before + 5 + 512);
    visitor.look("stage2-leaf");
    visitor.browser().resize(1280, 720);

    // Dirty logging splits a leaf: its pages stay mapped, and no outline holds them together.
    next("kind = install and before has leaf-2m and not state has leaf-2m and state has stage2");
    visitor.step(Keys.ARROW_LEFT, 1);
    visitor.press("g");
    visitor.await("the grid", () -> visitor.focusedIs(".fs-space__surface"));
    while (zoom() < 64) {
      double was = zoom();
      visitor.press("+");
      visitor.await("a larger page than " + was, () -> zoom() > was);
    }
    String whole = visitor.gridPixels();
    assertThat(spoken()).contains("mapped", "2 MiB leaf");
    visitor.browser().screenshot("stage2-leaf-close");
    long there = mapped();
    visitor.press(Keys.F5);
    visitor.await("another picture", () -> !visitor.gridPixels().equals(whole));
    visitor.browser().screenshot("stage2-split-close");
    assertThat(mapped()).isEqualTo(there);
    visitor.press("f");
    visitor.script("document.activeElement.blur(); return true");

    // MADV_DONTNEED of five pages takes all of their 2 MiB that the guest had.
    next("hole = stage2-zap and actor = \"s2\"");
    long kept = mapped();
    visitor.browser().screenshot("stage2-zap");
    visitor.step(Keys.ARROW_RIGHT, 1);
    assertThat(mapped()).isEqualTo(kept - 1);
    assertThat(pages("not mapped")).isPositive();

    // The guest comes back to what was taken, and the story says who took it.
    next("reason = mapped-again");
    visitor.press("e");
    visitor.await("a story", () -> visitor.count("dialog.fs-why[open] .fs-why__step") > 0);
    assertThat(visitor.text(".fs-why__remarks"))
        .contains("Stage 2 had lost the page")
        .contains("MMU notifier");
    visitor.browser().screenshot("stage2-refault-why");
    visitor.press(Keys.ESCAPE);
  }

  @Test
  void slowestFaultSaysWhatKvmDidAndItsPartsAddUp() throws IOException {
    visitor.press("3");
    visitor.find("#table-faults").click();
    visitor.await("rows", () -> visitor.count(".fs-table__row") > 5);
    visitor.find(".fs-table [data-sort=latency] button").click();
    JsonNode slowest =
        CommandLine.json("faults", FILE, "--json", "--sort", "latency", "--limit", "1")
            .path("rows")
            .get(0);
    visitor.await(
        "the slowest",
        () ->
            visitor.text(".fs-table__row").contains("mapped first")
                && visitor.text(".fs-table__row").contains("13.1 ms"));
    visitor.find(".fs-table__row").click();
    visitor.awaitSeq(slowest.path("seq").asLong());
    visitor.press("e");
    visitor.await("a story", () -> visitor.count("dialog.fs-why[open] .fs-why__step") > 0);
    assertThat(lanesOfTheStory()).containsExactly("guest", "KVM", "host mm");
    assertThat(visitor.text(".fs-why__steps")).doesNotContain("not recorded");
    JsonNode parts =
        CommandLine.json("why", FILE, slowest.path("seq").asString(), "--format", "json")
            .path("parts");
    assertThat(
            parts.path("unreadNs").asLong()
                + parts.path("readToIoctlNs").asLong()
                + parts.path("ioctlNs").asLong()
                + parts.path("unattributedNs").asLong())
        .isEqualTo(parts.path("waitNs").asLong())
        .isEqualTo(slowest.path("waitNs").asLong());
    assertThat(visitor.text(".fs-why__parts"))
        .contains("exit to KVM’s look", "to the host page", "to the entry")
        .doesNotContain("ioctl");
    for (String theme : List.of("light", "dark")) {
      visitor.script("document.documentElement.dataset.theme = arguments[0]; return true", theme);
      for (int width : new int[] {1024, 1920}) {
        visitor.browser().resize(width, width * 9 / 16);
        visitor.browser().screenshot("stage2-why-" + theme + "-" + width);
      }
    }
  }

  private List<String> lanesOfTheStory() {
    return visitor.script(
        "return [...document.querySelectorAll('.fs-why__lane b')].map((e) => e.textContent)");
  }

  private double zoom() {
    return Double.parseDouble(visitor.content(ZOOM).replaceAll("zoom | px", ""));
  }

  private String spoken() {
    return visitor.content("#space-spoken");
  }

  /** Goes to the next event that satisfies a predicate. */
  private void next(String query) {
    long from = visitor.seq();
    visitor.press(":");
    visitor.press(Keys.CONTROL, "a");
    visitor.type(":" + query);
    visitor.press(Keys.ENTER);
    visitor.await("hits", () -> visitor.text(".fs-omnibox__hits").contains("hit"));
    visitor.press(Keys.ESCAPE);
    visitor.press(Keys.F5);
    visitor.await("the next of " + query, () -> visitor.seq() > from);
  }

  private long mapped() {
    return pages("mapped") + pages("mapped read-only");
  }

  private long pages(String label) {
    return legend().getOrDefault(label, 0L);
  }

  private Map<String, Long> legend() {
    return visitor
        .<List<List<String>>>script(
            "return [...document.querySelectorAll('.fs-legend__entry')].map((row) =>"
                + " [row.children[1].textContent, row.children[2].textContent])")
        .stream()
        .collect(
            Collectors.toMap(
                List::getFirst, row -> Long.valueOf(row.getLast().replaceAll("[^0-9]", ""))));
  }

  private List<String> heads() {
    return visitor.script(
        "return [...document.querySelectorAll('.fs-table [role=columnheader]')]"
            + ".map((e) => e.textContent.trim())");
  }

  private static String counted(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
  }
}
