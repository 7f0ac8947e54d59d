package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.query.FaultGrouping;
import dev.faultscope.session.query.FaultRows;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;

/**
 * What the faults add up to, as the command line says it, and how a bar or a group narrows them.
 */
@Journey
class FaultsJourneyTest extends Visiting {
  private static final String SAMPLE = "sample-traces/b_kvm_2vcpu_rand_pvm.trace.txt";

  private static final String ROWS_HEIGHT =
      "return Math.round(document.querySelector('.fs-table__rows, .fs-table')?.clientHeight ?? 0)";

  @BeforeEach
  void arrive() throws IOException {
    visitor.openSample("Two vCPUs in random order");
    visitor.awaitFirstFault();
    visitor.press("3");
    visitor.find("#table-faults").click();
    visitor.await("the sums", () -> visitor.count(".fs-sums__bar") > 0);
  }

  @Test
  void rowsKeepTheirRoomInASmallWindowUntilSomebodyUnfoldsTheSums() {
    visitor.browser().resize(1024, 640);
    visitor.await("the sums to fold", () -> !isUnfolded());
    visitor.await("rows", () -> visitor.<Long>script(ROWS_HEIGHT) > 100);
    visitor.browser().resize(1280, 1000);
    visitor.await("the sums to unfold", this::isUnfolded);

    visitor.browser().resize(1024, 640);
    visitor.await("the sums to fold again", () -> !isUnfolded());
    visitor.find(".fs-sums__figures").sendKeys(Keys.ENTER);
    visitor.await("the sums somebody wants", this::isUnfolded);
    visitor.browser().resize(1024, 620);
    visitor.await("the new size", () -> visitor.<Long>script("return innerHeight") < 640);
    assertThat(isUnfolded()).isTrue();
  }

  private boolean isUnfolded() {
    return visitor.count(".fs-sums[open]") == 1;
  }

  @Test
  void sumsAreThoseOfTheCommandLine() throws IOException {
    JsonNode said = commandLine("--group-by", "thread");

    assertThat(visitor.text(".fs-sums__figures"))
        .startsWith(
            "From queue to wake, %s faults, %s of them unread: half within "
                .formatted(
                    counted(said.path("latency").path("faults")),
                    counted(said.path("unreadFaults"))));
    assertThat(visitor.text(".fs-tables__note"))
        .isEqualTo(
            "%s of %s faults"
                .formatted(
                    counted(new IntNode(FaultRows.MAX_ROWS)),
                    counted(said.path("latency").path("faults"))));
    JsonNode buckets = said.path("latency").path("buckets");
    List<String> bars = texts(".fs-sums__bar", "aria-label");
    assertThat(bars).hasSize(buckets.size());
    for (int i = 0; i < bars.size(); i++) {
      assertThat(bars.get(i).replaceAll(".*: (.*) faults?$", "$1"))
          .isEqualTo(counted(buckets.get(i).path("faults")));
    }
    visitor.await(
        "the groups", () -> visitor.count(".fs-sums tbody tr") == said.path("groups").size());
    for (JsonNode group : said.path("groups")) {
      assertThat(visitor.text(".fs-sums tbody"))
          .contains(
              group.path("thread").stringValue()
                  + " "
                  + counted(group.path("faults"), group.path("unreadFaults")));
    }
    visitor.look("faults");
  }

  @Test
  void barChosenByKeyboardLeavesOnlyItsFaults() throws IOException {
    String words = texts(".fs-sums__bar:enabled", "aria-label").getLast();
    String faults = words.replaceAll(".*: (.*) faults?$", "$1");
    visitor.find(".fs-sums__bar:last-child").sendKeys(Keys.ENTER);
    visitor.await(
        "those of the bar", () -> visitor.text(".fs-tables__note").startsWith(faults + " fault"));

    String query =
        visitor.<String>script("return document.querySelector('.fs-tables__filter').value");
    assertThat(query).matches("waited >= \\d+ns and waited < \\d+ns");
    JsonNode said = commandLine("--where", query, "--limit", "1");
    assertThat(counted(said.path("faults"), said.path("unreadFaults"))).isEqualTo(faults);
    assertThat(visitor.attribute("[role=grid]", "aria-rowcount")).isEqualTo(rows(said));
    visitor.look("faults-bar");
  }

  @Test
  void groupLeavesOnlyItsFaultsAndCausesAreGroupsToo() throws IOException {
    visitor.await("the groups", () -> visitor.count(".fs-sums__group") > 0);
    String name = visitor.text(".fs-sums__group");
    visitor.find(".fs-sums__group").click();
    JsonNode said = commandLine("--where", "actor = \"" + name + "\"", "--limit", "1");
    visitor.await(
        "those of the group",
        () -> visitor.attribute("[role=grid]", "aria-rowcount").equals(rows(said)));
    visitor.find("[role=grid]").sendKeys(Keys.END);
    visitor.await(
        "the next of them",
        () -> visitor.text(".fs-tables__note").startsWith(counted(new IntNode(2000)) + " of "));
    assertThat(
            visitor.<Long>script(
                "const grid = document.querySelector('[role=grid]');"
                    + " return grid.scrollWidth - grid.clientWidth"))
        .as("nothing is cut off at the side")
        .isZero();

    assertThat(texts(".fs-sums__by option", "value"))
        .containsExactlyElementsOf(
            Stream.of(FaultGrouping.values()).map(FaultGrouping::id).toList());
    visitor.find(".fs-sums__by option[value=cause]").click();
    JsonNode causes = commandLine("--where", "actor = \"" + name + "\"", "--group-by", "cause");
    String cause = causes.path("groups").get(0).path("cause").stringValue();
    visitor.await("its causes", () -> visitor.text(".fs-sums tbody").contains(cause));
  }

  /** Rows of the grid, its head included: a sorted or narrowed table has the first of them. */
  private static String rows(JsonNode said) {
    int faults = said.path("faults").asInt() + said.path("unreadFaults").asInt();
    // Where there are more than one answer tells, a row stands for those still to come.
    return String.valueOf(Math.min(FaultRows.MAX_ROWS + 1, faults) + 1);
  }

  private static String counted(JsonNode... parts) {
    long sum = 0;
    for (JsonNode part : parts) {
      sum += part.asLong();
    }
    return String.format(Locale.ROOT, "%,d", sum).replace(',', '\u202f');
  }

  private List<String> texts(String css, String attribute) {
    return visitor.script(
        "return [...document.querySelectorAll(arguments[0])].map((e) =>"
            + " e.getAttribute(arguments[1]))",
        css,
        attribute);
  }

  private static JsonNode commandLine(String... options) {
    return CommandLine.json(
        Stream.concat(Stream.of("faults", SAMPLE, "--json"), Stream.of(options))
            .toArray(String[]::new));
  }
}
