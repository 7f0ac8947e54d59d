package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Backing;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.session.RecordedSessions;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;
import tools.jackson.databind.JsonNode;

/** Guest memory from above and from close by. */
@Journey
class SpaceJourneyTest extends Visiting {
  private static final String MOMENT = "#seq=11&page=0:0x7&lens=space&layer=fault";
  private static final String ZOOM = ".fs-lenses__tools .fs-number";
  private static final String THEME =
      "header button[aria-label^=Light], header button[title^=Light]";

  @TempDir Path folder;

  @BeforeEach
  void open() throws IOException {
    visitor.open("/explore/sample-two-vcpus" + MOMENT);
    visitor.awaitLive();
    visitor.awaitSeq(11);
  }

  @Test
  void pagesUseTheRoomThereIsInEveryWindow() throws IOException {
    for (String theme : List.of("light", "dark")) {
      visitor.find(THEME).click();
      visitor.await("the theme " + theme, () -> theme().equals(theme));
      for (int width : new int[] {1024, 1280, 1920}) {
        visitor.browser().resize(width, width * 9 / 16);
        awaitWide("the panel at " + width);
        visitor.browser().screenshot("space-" + theme + "-" + width);
      }
    }
    visitor.press(Keys.SHIFT, "p");
    visitor.await("the presentation", () -> !visitor.find(".fs-frame__left").isDisplayed());
    awaitWide("a presentation");
    visitor.browser().screenshot("space-present");
  }

  @Test
  void keysZoomFromAllMemoryToWordsAndBack() throws IOException {
    visitor.press("g");
    visitor.await("the grid", () -> visitor.focusedIs(".fs-space__surface"));
    String all = visitor.gridPixels();
    String counts = visitor.text(".fs-legend");
    assertThat(visitor.find(".fs-space__map").isDisplayed())
        .as("a map of what is all seen")
        .isFalse();
    for (int pixels : List.of(12, 28, 64, 128)) {
      while (zoom() < pixels) {
        double before = zoom();
        visitor.press("+");
        visitor.await("a larger page than " + before, () -> zoom() > before);
      }
      assertThat(visitor.find(".fs-space__map").isDisplayed()).isTrue();
      assertThat(visitor.text(".fs-legend")).as("zooming changes no page").isEqualTo(counts);
      assertThat(outlined()).as("the chosen page is on screen at %s", pixels).isTrue();
      visitor.browser().screenshot("space-zoom-" + pixels);
    }
    String here = visitor.gridPixels();
    visitor.press("d");
    visitor.await("pages further right", () -> !visitor.gridPixels().equals(here));
    visitor.find(THEME).click();
    visitor.find(THEME).click();
    visitor.browser().screenshot("space-zoom-dark");
    visitor.find(THEME).click();
    visitor.press("g");
    visitor.press("f");
    visitor.await("all of it again", () -> visitor.gridPixels().equals(all));
    assertThat(visitor.find(".fs-space__map").isDisplayed()).isFalse();
  }

  @Test
  void atNoZoomIsAPageShownInAnotherState() throws IOException {
    String script = Files.readString(Path.of("frontend", "test", "browser", "space-zoom.js"));
    Object answer = visitor.browser().driver().executeAsyncScript(script);

    assertThat(answer)
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("wrong", List.of())
        .hasEntrySatisfying("zooms", zooms -> assertThat((Long) zooms).isGreaterThan(20));
  }

  @Test
  void layersAreGoneThroughByKeyAndAreInTheLink() throws IOException {
    long pages = legend().values().stream().mapToLong(Long::longValue).sum();
    String fault = visitor.gridPixels();
    visitor.press("v");
    visitor.await("the host layer", () -> visitor.path().contains("layer=host"));
    assertThat(legend()).containsKeys("present", "poisoned").doesNotContainKey("in flight");
    assertThat(legend().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(pages);
    visitor.press("v");
    visitor.await("the guest layer", () -> visitor.path().contains("layer=guest"));
    Map<String, Long> guest = legend();
    assertThat(guest.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(pages);
    assertThat(guest.get("unknown")).as("this recording tells of faults only").isPositive();
    assertThat(guest.get("not mapped")).as("nothing says that a page is not mapped").isZero();
    assertThat(visitor.gridPixels()).isNotEqualTo(fault);
    visitor.browser().screenshot("space-guest");
    visitor.press(Keys.SHIFT, "v");
    visitor.press(Keys.SHIFT, "v");
    visitor.await("the first layer again", () -> visitor.gridPixels().equals(fault));
  }

  @Test
  void theOrderOfFirstTouchesFollowsTheMoment() throws IOException {
    long pages = legend().values().stream().mapToLong(Long::longValue).sum();
    visitor.press(Keys.SHIFT, "v");
    visitor.await("the order", () -> visitor.path().contains("layer=order"));
    visitor.await("touches up to here", () -> touched() == touchedBy(11));
    visitor.step(Keys.ARROW_RIGHT, 12);
    visitor.await("touches up to there", () -> touched() == touchedBy(visitor.seq()));
    visitor.step(Keys.ARROW_LEFT, 12);
    visitor.await("those before", () -> touched() == touchedBy(11));
    visitor.press(Keys.END);
    visitor.await("all", () -> touched() == touchedBy(Long.MAX_VALUE));
    Map<String, Long> all = legend();
    assertThat(all.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(pages);
    assertThat(all.get("1st ⅛")).isCloseTo(touched() / 8, within(1L));
    assertThat(all.get("8th ⅛")).isCloseTo(touched() / 8, within(1L));
    visitor.browser().screenshot("space-order");
    visitor.find(THEME).click();
    visitor.find(THEME).click();
    visitor.browser().screenshot("space-order-dark");
  }

  @Test
  void agesWhoAndContentsAreThoseOfTheCommandLineAtEveryMoment() throws IOException {
    String sample = "sample-traces/b_kvm_2vcpu_rand_pvm.trace.txt";
    for (String layer : List.of("age", "who", "contents")) {
      visitor.open("/explore/sample-two-vcpus#seq=11&lens=space&layer=" + layer);
      visitor.awaitLive();
      for (long seq : new long[] {11, 12, 13, 12, 400}) {
        if (seq == 400) {
          visitor.press(Keys.END);
          visitor.await("the end", () -> visitor.seq() > 400);
        } else if (visitor.seq() != seq) {
          visitor.step(seq > visitor.seq() ? Keys.ARROW_RIGHT : Keys.ARROW_LEFT, 1);
        }
        JsonNode pages =
            CommandLine.json("pages", sample, "--of", layer, "--at", "" + visitor.seq(), "--json")
                .path("pages");
        List<Long> wanted =
            pages.valueStream().map(JsonNode::asLong).filter(count -> count > 0).sorted().toList();
        visitor.await(
            layer + " at " + visitor.seq() + " to be " + pages + ", not " + legend(),
            () ->
                legend().values().stream()
                    .filter(count -> count > 0)
                    .sorted()
                    .toList()
                    .equals(wanted));
      }
      visitor.look("space-" + layer);
    }
  }

  @Test
  void aTerabyteIsSeenAtOnceAndPageByPageWhereOneComesClose() throws IOException {
    visitor.open("/");
    visitor.await("the start page", () -> visitor.find(".fs-start").isDisplayed());
    Path file = folder.resolve("terabyte.fscope");
    long last = recordTerabyte(file);
    visitor.find("#file").sendKeys(file.toAbsolutePath().toString());
    visitor.awaitLive();
    visitor.await("the recording", () -> visitor.text(".fs-connection").contains("recorded"));
    visitor.press(Keys.END);
    visitor.awaitSeq(last);
    Map<String, Long> all = legend();
    assertThat(all.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(TERABYTE);
    assertThat(all).containsEntry("error", 1L).containsEntry("minor", 1L);
    assertThat(all.get("present")).isEqualTo(GIBIBYTE + SCATTERED - 1L);
    assertThat(zoom()).as("all of it is on screen").isLessThan(0.2);
    assertThat(shows("--fs-page-error")).as("one page among 268 million").isTrue();
    AtomicInteger at = new AtomicInteger();
    visitor.await(
        "what the pixel under the pointer stands for",
        () -> {
          new Actions(visitor.browser().driver())
              .moveToElement(visitor.find(".fs-space__surface"), at.get(), -at.getAndAdd(3))
              .perform();
          return visitor.text(".fs-tooltip").matches("(?s).* pages here: .*absent.*");
        });
    visitor.browser().screenshot("space-terabyte-shares");
    for (String theme : List.of("light", "dark")) {
      visitor.find(THEME).click();
      visitor.await("the theme " + theme, () -> theme().equals(theme));
      for (int width : new int[] {1024, 1920}) {
        visitor.browser().resize(width, width * 9 / 16);
        visitor.browser().screenshot("space-terabyte-" + theme + "-" + width);
        assertThat(shows("--fs-page-error")).as("%s at %d", theme, width).isTrue();
      }
    }
    visitor.browser().resize(1280, 720);

    String recording = visitor.path().replaceAll("#.*", "");
    visitor.open("/");
    visitor.await("the start page", () -> visitor.find(".fs-start").isDisplayed());
    visitor.open(
        recording + "#seq=%d&page=0:0x%x&lens=space&layer=fault".formatted(last, POISONED));
    visitor.awaitLive();
    visitor.await("its facts", () -> visitor.text("#side-panel-page").contains("poisoned"));
    visitor.press("g");
    for (double to : new double[] {0.5, 2, 28, 64}) {
      while (zoom() < to) {
        double before = zoom();
        visitor.press("+");
        visitor.await("larger than " + before, () -> zoom() > before);
      }
      visitor.await("the page itself at " + to, () -> shows("--fs-page-error") && outlined());
      visitor.browser().screenshot("space-terabyte-zoom-" + to);
    }
    assertThat(legend()).as("zooming changes no page").isEqualTo(all);
    visitor.press("g");
    visitor.press(Keys.CONTROL, Keys.ARROW_LEFT);
    visitor.await(
        "the page before", () -> visitor.path().contains("page=0:0x%x".formatted(POISONED - 1)));
    visitor.press(Keys.CONTROL, Keys.ARROW_LEFT);
    visitor.await(
        "the first mapped page",
        () -> !visitor.path().contains("page=0:0x%x".formatted(POISONED - 1)));
    visitor.press(Keys.SHIFT, "v");
    visitor.await("the order", () -> visitor.path().contains("layer=order"));
    visitor.await("every touch", () -> touched() == SCATTERED);
    visitor.press("g");
    visitor.press("f");
    visitor.await("all of it", () -> zoom() < 0.2);
    visitor.browser().screenshot("space-terabyte-order");
    assertThat(tabMebibytes()).as("MiB of the tab").isLessThan(400);
  }

  private static final int TERABYTE = 1 << 28;
  private static final int GIBIBYTE = 1 << 18;
  private static final int SCATTERED = 20_000;
  private static final int POISONED = GIBIBYTE + 77;

  /** A mapped GiB, a poisoned page after it, faults all over; of the last the handler read none. */
  private static long recordTerabyte(Path file) throws IOException {
    try (RecordingFile recording =
        RecordingFile.create(file, new TimelineInfo("a terabyte", "simulation", 0))) {
      recording.region(
          new Region(
              0,
              "ram",
              1L << 40,
              0,
              TERABYTE,
              Backing.MEMFD,
              Region.MINOR | Region.MISSING,
              false));
      recording.actor(new Actor(0, ActorKind.VCPU, "vcpu0", 100, 0));
      recording.actor(new Actor(1, ActorKind.VCPU, "vcpu1", 101, 1));
      recording.actor(new Actor(2, ActorKind.HANDLER, "handler", 102, -1));
      EventDraft draft = new EventDraft();
      recording.append(
          draft
              .of(EventKind.INSTALL, 0)
              .pages(0, 0, GIBIBYTE)
              .actor(2)
              .change(0, PageState.CACHED | PageState.MAPPED));
      recording.append(
          draft
              .of(EventKind.IOCTL, 10)
              .detail(UffdIoctl.POISON.code())
              .pages(0, POISONED, 1)
              .actor(2)
              .change(0, PageState.POISONED));
      Random random = new Random(1);
      long seq = 0;
      Set<Integer> touched = new HashSet<>();
      for (int i = 0; i < SCATTERED; i++) {
        int page;
        do {
          page = GIBIBYTE + 4096 + random.nextInt(TERABYTE - GIBIBYTE - 4096);
        } while (!touched.add(page));
        long time = 1000L * (i + 1);
        if (i < SCATTERED - 1) {
          RecordedSessions.fault(recording, i & 1, 0, page, time);
          continue;
        }
        recording.append(draft.of(EventKind.TOUCH, time).pages(0, page, 1).actor(0));
        seq =
            recording.append(
                draft
                    .of(EventKind.ENQUEUE, time + 1)
                    .pages(0, page, 1)
                    .actor(0)
                    .flags(EventFlags.MINOR)
                    .change(0, PageState.QUEUED | PageState.MINOR));
      }
      recording.complete();
      return seq;
    }
  }

  /** What the tab holds, its arrays included. */
  private long tabMebibytes() {
    Map<String, Object> usage =
        visitor.browser().driver().executeCdpCommand("Runtime.getHeapUsage", Map.of());
    assertThat(usage).containsKeys("usedSize", "backingStorageSize");
    return Stream.of("usedSize", "backingStorageSize")
            .mapToLong(key -> ((Number) usage.getOrDefault(key, 0)).longValue())
            .sum()
        >> 20;
  }

  /** Pages that the legend says were touched. */
  private long touched() {
    return legend().entrySet().stream()
        .filter(entry -> !entry.getKey().equals("no touch told"))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Pages that the server, as the command line, says were touched up to a moment. */
  private long touchedBy(long seq) {
    return visitor.script(
        """
        return fetch('/api/recordings/sample-two-vcpus/first-touches')
            .then((answer) => answer.json())
            .then(({ touches }) => touches.filter((touch) => touch.seq <= arguments[0])
                .reduce((sum, { pages }) => sum + pages, 0));
        """,
        seq);
  }

  /** How many pages the legend says there are of each kind. */
  private Map<String, Long> legend() {
    return visitor.script(
        """
        return Object.fromEntries([...document.querySelectorAll('.fs-legend__entry')].map((row) =>
            [row.children[1].textContent, Number(row.children[2].textContent.replace(/\\D/g, ''))]));
        """);
  }

  private String theme() {
    return visitor.script("return document.documentElement.dataset.theme ?? ''");
  }

  /** Pixels of a page; less than one where a pixel stands for many. */
  private double zoom() {
    String text = visitor.content(ZOOM).replaceAll("zoom | px", "");
    return text.startsWith("1/")
        ? 1 / Double.parseDouble(text.substring(2))
        : Double.parseDouble(text);
  }

  private void awaitWide(String where) {
    visitor.await(where + " is used: " + wide(), () -> wide() > 0.7);
  }

  /** Which part of the canvas's width has pages on it. */
  private double wide() {
    String wide =
        visitor.script(
            """
            const canvas = document.querySelector('.fs-space__surface canvas');
            const { width, height } = canvas;
            const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
            const paper = pixels[pixels.length - 1];
            let right = 0;
            // Below the region's name.
            for (let at = 30 * width; at < pixels.length; at++) {
              if (pixels[at] !== paper) {
                right = Math.max(right, at % width);
              }
            }
            return `${right / width}`;
            """);
    return Double.parseDouble(wide);
  }

  /** Whether the outline of the chosen page is somewhere on the grid. */
  private boolean outlined() {
    return shows("--fs-accent");
  }

  /** Whether a pixel of the grid has the colour of a token. */
  private boolean shows(String token) {
    return visitor.script(
        """
        const probe = document.createElement('i');
        probe.style.color = `var(${arguments[0]})`;
        document.body.append(probe);
        const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
        probe.remove();
        const canvas = document.querySelector('.fs-space__surface canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        for (let i = 0; i < data.length; i += 4) {
          if (data[i] === r && data[i + 1] === g && data[i + 2] === b) {
            return true;
          }
        }
        return false;
        """,
        token);
  }
}
