package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** What the lanes paint of a whole recording is what the command line says of it. */
@Journey
class LanesJourneyTest extends Visiting {
  private static final String SAMPLE = "sample-traces/b_kvm_2vcpu_rand_pvm.trace.txt";
  private static final String NOTE = ".fs-time__lanes .fs-lanes__head .fs-pane__note";
  private static final String TIME_SURFACE = ".fs-time .fs-lanes__surface";
  private static final String FAULT = "#lanes-fault-full";
  private static final String SURFACE = ".fs-frame__bottom .fs-lanes__surface";

  @BeforeEach
  void arrive() throws IOException {
    visitor.openSample("Two vCPUs in random order");
    visitor.awaitFirstFault();
  }

  @Test
  void paintedSharesAreThoseOfTheCommandLine() throws IOException {
    visitor.find(".fs-frame__bottom .fs-lanes__tools button").click();
    Map<String, Double> said = blockedOnTheCommandLine();
    assertThat(said.getOrDefault("vCPU 0", -1.0)).isBetween(0.25, 0.35);
    visitor.await(
        "the whole recording",
        () -> Math.abs(paintedBlocked().getFirst() - said.getOrDefault("vCPU 0", -1.0)) < 0.03);

    assertThat(paintedBlocked().getFirst())
        .isCloseTo(said.getOrDefault("vCPU 0", -1.0), within(0.03));
    assertThat(paintedBlocked().get(1)).isCloseTo(said.getOrDefault("vCPU 1", -1.0), within(0.03));
    visitor.look("lanes");
  }

  @Test
  void slowestFaultIsTwoKeysAwayAndSaysWhereItsTimeWent() throws IOException {
    JsonNode fault =
        CommandLine.json("faults", SAMPLE, "--sort", "latency", "--limit", "1", "--json")
            .path("rows")
            .get(0);

    visitor.press("3");
    visitor.find("#table-faults").click();
    visitor.find("[data-sort=latency] button").sendKeys(Keys.ENTER);
    visitor.await("the slowest", () -> visitor.text(".fs-tables__note").contains("longest"));
    visitor.find("[role=grid]").sendKeys(Keys.HOME);
    visitor.awaitSeq(fault.path("seq").longValue());

    assertThat(visitor.attribute("[data-sort=latency]", "aria-sort")).isEqualTo("descending");
    assertThat(visitor.text("[role=grid] [aria-rowindex='2']"))
        .contains(fault.path("thread").stringValue())
        .contains("0x" + Integer.toHexString(fault.path("page").intValue()));
    visitor.look("slowest");
  }

  @Test
  void arrowsLeadFromTheFaultToItsIoctlAndToWhomItWokeAndSaySo() throws IOException {
    visitor.press("2");
    visitor.await("one fault's", () -> visitor.text(NOTE).contains("of the selected fault alone"));
    assertThat(visitor.text(NOTE)).contains("faults in sight: zoom in for all");
    visitor.await("the selected fault", () -> !visitor.content(FAULT).isEmpty());
    String first = visitor.content(FAULT);
    JsonNode fault =
        CommandLine.json("faults", SAMPLE, "--sort", "time", "--limit", "1", "--json")
            .path("rows")
            .get(0);
    assertThat(first)
        .startsWith(
            "Fault of %s on page 0x%x of "
                .formatted(fault.path("thread").stringValue(), fault.path("page").intValue()))
        .contains(" by " + fault.path("ioctl").stringValue() + " of ", "woken");
    assertThat(accented()).as("the arrows of the selected fault").isGreaterThan(40);

    visitor.press("w");
    visitor.await("all", () -> visitor.text(NOTE).startsWith("arrows: fault → ioctl → wake"));
    visitor.press(Keys.SHIFT, Keys.ARROW_RIGHT);
    visitor.await(
        "the next fault",
        () -> !visitor.content(FAULT).isEmpty() && !visitor.content(FAULT).equals(first));
    assertThat(accented()).as("the arrows of the next fault").isGreaterThan(40);
    assertThat(Axe.findings(visitor.browser().driver())).isEmpty();
    visitor.look("arrows");
  }

  @Test
  void ratesOfTheWholeRecordingAreThoseOfTheCommandLine() throws IOException {
    // In one go: the second key comes before there is a picture to fit.
    visitor.type("2f");
    String label = TIME_SURFACE + "[aria-label*='faults/s at most']";
    visitor.await(
        "the whole recording",
        () ->
            Math.abs(most(visitor.attribute(label, "aria-label"), "faults/s") / rates("faults") - 1)
                < 0.005);

    String shown = visitor.attribute(label, "aria-label");
    assertThat(most(shown, "pages/s")).isCloseTo(rates("pages"), withinPercentage(0.5));
    assertThat(shown).contains("queue at most 2");
    assertThat(Axe.findings(visitor.browser().driver())).isEmpty();
    visitor.look("rates");
  }

  /** The highest rate of a column on the command line, of as many columns as the picture has. */
  private double rates(String of) {
    long columns =
        visitor.script(
            // As lanes.js leaves room for names and the edge.
            "return document.querySelector(arguments[0]).clientWidth - 112 - 12", TIME_SURFACE);
    return CommandLine.json("lanes", SAMPLE, "--columns", "" + columns, "--json")
        .path("rates")
        .path(of + "PerSecond")
        .valueStream()
        .mapToDouble(JsonNode::doubleValue)
        .max()
        .orElseThrow();
  }

  private static double most(String label, String curve) {
    Matcher matcher =
        Pattern.compile(Pattern.quote(curve) + " at most ([0-9.]+) ?([kM]?)").matcher(label);
    assertThat(matcher.find()).as(label).isTrue();
    double number = Double.parseDouble(matcher.group(1));
    return switch (matcher.group(2)) {
      case "k" -> number * 1e3;
      case "M" -> number * 1e6;
      default -> number;
    };
  }

  private static Map<String, Double> blockedOnTheCommandLine() {
    JsonNode lanes = CommandLine.json("lanes", SAMPLE, "--json").path("lanes");
    Map<String, Double> blocked = new HashMap<>();
    for (JsonNode lane : lanes) {
      blocked.put(lane.path("name").stringValue(), lane.path("blocked").get(0).doubleValue());
    }
    return blocked;
  }

  /** Pixels of the accent's colour in the lanes besides the line of the moment. */
  private long accented() {
    return visitor.script(
        """
        const canvas = document.querySelector('.fs-time__lanes .fs-lanes__surface canvas');
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = 'var(--fs-accent)';
        const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
        probe.remove();
        const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const columns = new Map();
        for (let i = 0; i < width * height; i++) {
          const near = (at, wanted) => Math.abs(data[i * 4 + at] - wanted) < 8;
          if (near(0, r) && near(1, g) && near(2, b)) columns.set(i % width, (columns.get(i % width) ?? 0) + 1);
        }
        // The moment's line is the column with the most.
        return [...columns.values()].reduce((sum, count) => sum + count, 0) - Math.max(0, ...columns.values());
        """);
  }

  /** How much of each lane's area has the colour of waiting, from the top. */
  private List<Double> paintedBlocked() {
    return visitor.script(
        """
        const canvas = document.querySelector(arguments[0] + ' canvas');
        const ratio = canvas.width / canvas.clientWidth;
        const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const warm = (x, y) => {
          const at = (y * width + x) * 4;
          return data[at] - data[at + 2] > 60;
        };
        const left = Math.ceil(114 * ratio), right = width - Math.ceil(14 * ratio);
        const rows = [];
        for (let y = Math.ceil(24 * ratio); y < height - 28 * ratio; y++) {
          let count = 0;
          for (let x = left; x < right; x++) count += warm(x, y) ? 1 : 0;
          rows.push(count);
        }
        const lanes = [];
        let lane = null;
        for (const count of rows) {
          if (count > 0) {
            lane ??= { sum: 0 };
            lane.sum += count;
          } else if (lane) {
            lanes.push(lane);
            lane = null;
          }
        }
        // As lanes.js divides the height among four threads.
        const row = Math.min(30, Math.max(17, Math.floor((canvas.clientHeight - 22 - 26) / 4)));
        const thick = (row - 2 * (row > 20 ? 5 : 3)) * ratio;
        return lanes.map(({ sum }) => sum / thick / (right - left) + 1e-9);
        """,
        SURFACE);
  }
}
