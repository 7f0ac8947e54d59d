package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Pictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.OutputType;

/**
 * The pages look as in pictures that somebody has looked at (src/test/resources/baselines).
 *
 * <p>After a change that is meant to be seen, {@code -Dfaultscope.baselines=write} takes them anew;
 * look at each before it is committed.
 */
@Journey
class BaselinesJourneyTest extends Visiting {
  private static final Path BASELINES = Path.of("src", "test", "resources", "baselines");
  private static final boolean WRITE = "write".equals(System.getProperty("faultscope.baselines"));

  /** Of the blocks of a picture. */
  private static final double MOST_DIFFERENT = 0.01;

  private static final int MOST_SHOTS = 50;

  /** Amid the sample: much is there, and more is to come. */
  private static final long MOMENT = 40_000;

  /** How wide letters are; pages are laid out by it. */
  private static final Path LETTERS = BASELINES.resolve("letters.txt");

  private final List<String> differences = new ArrayList<>();
  private String theme = "";

  @BeforeEach
  void arrive() {
    visitor.await("samples", () -> visitor.count(".fs-recording") >= 3);
    visitor.await("the gallery", () -> visitor.count("[data-scenario='v1-race']") == 1);
  }

  /** Pages in other letters are laid out in another way, and no picture tells whether rightly. */
  private void expectTheSameLetters() throws IOException {
    String here =
        visitor.script(
            """
            const context = document.createElement('canvas').getContext('2d');
            const style = getComputedStyle(document.documentElement);
            return ['--fs-font', '--fs-mono'].map((name) => {
              context.font = `100px ${style.getPropertyValue(name) || getComputedStyle(document.body).fontFamily}`;
              return Math.round(context.measureText('Handler 0123 reads faults').width);
            }).join(' ');
            """);
    if (WRITE) {
      Files.createDirectories(BASELINES);
      Files.writeString(LETTERS, here + "\n");
      return;
    }
    Assumptions.assumeTrue(
        here.equals(Files.readString(LETTERS).strip()),
        () -> "the letters of this machine are " + here + " wide, those of the baselines not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void pagesLookAsTheyDidWhenSomebodyLooked(String wanted) throws IOException {
    expectTheSameLetters();
    choose(wanted);
    check("start", 1280);
    visitor.open("/compare?scenario=v1-race");
    visitor.await("the policies", () -> visitor.count("input[value='oracle']") == 1);
    check("compare", 1280);
    visitor.open("/scenario");
    visitor.await(
        "a scenario", () -> visitor.text(".fs-editor__verdict").startsWith("No mistakes"));
    check("scenario", 1280);
    assertThat(differences).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void theExplorerLooksAsItDidWhenSomebodyLooked(String wanted) throws IOException {
    expectTheSameLetters();
    choose(wanted);
    visitor.open("/explore/sample-two-vcpus#seq=" + MOMENT);
    visitor.awaitSeq(MOMENT);
    visitor.await("all of it", () -> visitor.text(".fs-connection").contains("recorded"));
    for (int width : new int[] {1024, 1280, 1920}) {
      check("space", width);
    }
    visitor.press("2");
    visitor.await("the lanes", () -> visitor.find("#panel-time").isDisplayed());
    check("time", 1280);
    visitor.press("3");
    visitor.await("rows", () -> visitor.count(".fs-table__row") > 5);
    visitor.find("#table-faults").click();
    visitor.await("the sums", () -> visitor.count(".fs-sums__group") > 0);
    check("faults", 1280);
    visitor.press("e");
    visitor.await("a story", () -> visitor.find("dialog[open] .fs-why__step").isDisplayed());
    check("why", 1280);
    assertThat(differences).isEmpty();
  }

  private void choose(String wanted) {
    theme = wanted;
    for (int times = wanted.equals("light") ? 1 : 2; times > 0; times--) {
      visitor.find("header button[aria-label^=Light]").click();
    }
    assertThat(visitor.attribute("html", "data-theme")).isEqualTo(wanted);
  }

  private void check(String state, int width) throws IOException {
    visitor.browser().resize(width, width * 9 / 16);
    String name = state + "-" + width + "-" + theme;
    byte[] shot = settled();
    Path baseline = BASELINES.resolve(name + ".png");
    if (WRITE) {
      Files.createDirectories(BASELINES);
      Files.write(baseline, shot);
      return;
    }
    double difference = Pictures.difference(read(shot), read(Files.readAllBytes(baseline)));
    if (difference > MOST_DIFFERENT) {
      Path seen = visitor.browser().screenshot("baseline-" + name);
      differences.add(
          "%s differs from %s in %.1f %% of it".formatted(seen, baseline, 100 * difference));
    }
  }

  /** The page once nothing moves in it: two pictures in a row are the same. */
  private byte[] settled() {
    byte[] before = new byte[0];
    for (int shots = 0; shots < MOST_SHOTS; shots++) {
      byte[] shot = visitor.browser().driver().getScreenshotAs(OutputType.BYTES);
      if (Arrays.equals(shot, before)) {
        return shot;
      }
      before = shot;
    }
    throw new AssertionError("the page does not come to rest");
  }

  private static BufferedImage read(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
