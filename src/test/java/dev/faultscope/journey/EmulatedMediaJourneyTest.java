package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A person whose system forces colours, or who wants nothing to move. */
@Journey
class EmulatedMediaJourneyTest extends Visiting {
  private static final String GRID = ".fs-space__surface canvas";
  private static final String LANES = ".fs-frame__bottom .fs-lanes__surface canvas";

  @Test
  void forcedColoursLeaveEveryStateAndPatternApart() throws IOException {
    visitor.open("/explore/sample-two-vcpus#seq=5&page=0:0x2&lens=space&layer=fault");
    visitor.awaitLive();
    visitor.awaitSeq(5);
    visitor.await("lanes", () -> colours(LANES).size() > 4);
    List<String> grid = colours(GRID);
    assertThat(grid).hasSizeGreaterThan(2);

    emulate("forced-colors", "active");
    visitor.await("the grid as it was", () -> colours(GRID).equals(grid));
    List<String> samples =
        visitor.script(
            "return [...document.querySelectorAll('.fs-frame__bottom .fs-lanes__key canvas')]"
                + ".map((e) => e.toDataURL())");
    assertThat(samples).hasSize(7).doesNotHaveDuplicates();
    assertThat(colours(LANES)).hasSizeGreaterThan(4);
    visitor.browser().screenshot("forced-colours");

    // What is chosen is seen, too.
    assertThat(background("#lens-space")).isNotEqualTo(background("#lens-time"));
    visitor.open("/");
    // Of a sample: what others ran before may have no page to show.
    String picture = "[aria-labelledby=samples] .fs-recording__picture";
    visitor.await("thumbnails", () -> visitor.count(picture) >= 3);
    visitor.await("a thumbnail in colours", () -> colours(picture).size() > 1);
    visitor.browser().screenshot("forced-colours-start");
  }

  @Test
  void nothingMovesWhereMotionIsReduced() {
    visitor.open("/scenario");
    visitor.await(
        "a scenario", () -> visitor.text(".fs-editor__verdict").startsWith("No mistakes"));
    visitor.find(".cm-content").click();
    visitor.await("the caret blinks", () -> moving() > 0);
    emulate("prefers-reduced-motion", "reduce");
    visitor.await("it stands", () -> moving() == 0);
    assertThat(
            visitor.<List<String>>script(
                """
                return [...document.querySelectorAll('*')]
                    .filter((e) => getComputedStyle(e).transitionDuration !== '0s')
                    .map((e) => e.outerHTML.slice(0, 80));
                """))
        .isEmpty();
  }

  private long moving() {
    return visitor.script("return document.getAnimations().length");
  }

  private String background(String css) {
    return visitor.script(
        "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor", css);
  }

  /** Colours of more than a few pixels, in order. */
  private List<String> colours(String canvas) {
    return visitor.script(
        """
        const from = document.querySelector(arguments[0]);
        const copy = new OffscreenCanvas(from.width, from.height).getContext('2d');
        copy.drawImage(from, 0, 0);
        const { data } = copy.getImageData(0, 0, from.width, from.height);
        const counts = new Map();
        for (let i = 0; i < data.length; i += 4) {
          const colour = `${data[i]},${data[i + 1]},${data[i + 2]}`;
          counts.set(colour, (counts.get(colour) ?? 0) + 1);
        }
        return [...counts].filter(([, count]) => count > 9).map(([colour]) => colour).sort();
        """,
        canvas);
  }

  private void emulate(String feature, String value) {
    visitor
        .browser()
        .driver()
        .executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", feature, "value", value))));
  }
}
