package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.FaultscopeApplication;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * Times the browser: frames of sixteen million pages, steps, the first picture of a long recording.
 * Not a test, so {@code verify} does not run it; docs/benchmarks.md says how to. It prints and
 * fails only where something did not work at all.
 */
@Journey
@Requires(Requirement.BROWSER)
class BrowserBench extends Visiting {
  private static final int FRAMES = 600;
  private static final int CHANGES = 10_000;
  private static final int STEPS = 200;
  private static final int LINES = 1_000_000;
  private static final int UPLOADS = 4;
  private static final int LIVE_ROUNDS = 5;
  private static final int LIVE_MIB = 128;
  private static final Pattern RATE = Pattern.compile("Overall demand paging rate: ([0-9.]+)");

  @TempDir Path folder;

  /** Real store, codec, pyramid and space lens, panning and zooming, every frame with changes. */
  @Test
  void framesOfSixteenMillionPages() throws IOException {
    visitor.browser().driver().manage().timeouts().scriptTimeout(Duration.ofMinutes(5));
    String script = Files.readString(Path.of("frontend", "test", "browser", "space-bench.js"));
    Object answer = visitor.browser().driver().executeAsyncScript(script, FRAMES, CHANGES);
    assertThat(String.valueOf(answer)).doesNotContain("error=");
    print("frames of 16 M pages (ms)", answer);
  }

  /**
   * A real guest served at full speed, recorded, with its explorer open and without; and the same
   * guest served by the C handler that blocks and that the scheduler places.
   */
  @Test
  @Requires({Requirement.UFFD, Requirement.BROWSER})
  void liveGuestWithAndWithoutAViewer() throws Exception {
    List<Double> byC = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    List<Double> viewed = new ArrayList<>();
    for (int round = 0; round <= LIVE_ROUNDS; round++) {
      double reference = pagesPerSecondOfC();
      double without = pagesPerSecond(false);
      double with = pagesPerSecond(true);
      if (round > 0) { // the first warms up
        byC.add(reference);
        alone.add(without);
        viewed.add(with);
      }
    }
    print("a live guest, served by the C handler (pages/s)", median(byC));
    print("a live guest, nobody looks (pages/s)", median(alone));
    print("a live guest, its explorer open (pages/s)", median(viewed));
    print("viewed to alone", median(viewed) / median(alone));
    print("alone to C", median(alone) / median(byC));
    print("viewed to C", median(viewed) / median(byC));
  }

  private static double pagesPerSecondOfC() throws Exception {
    Process bench =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java") + "",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path", ""),
                FaultscopeApplication.class.getName(),
                "bench",
                "live",
                "--mib=" + LIVE_MIB,
                "--rounds=1",
                "--setups=MINOR_1",
                "--placements=FREE",
                "--handlers=C_BLOCKING")
            .redirectErrorStream(true)
            .start();
    String said = new String(bench.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bench.waitFor()).as(said).isZero();
    Matcher rate = Pattern.compile("(\\d+) pages/s").matcher(said);
    assertThat(rate.find()).as(said).isTrue();
    return Double.parseDouble(rate.group(1));
  }

  /** The guest waits for its first answer until the viewer is there. */
  private double pagesPerSecond(boolean viewed) {
    visitor.open("/live");
    String id =
        visitor
            .<Map<String, String>>script(
                """
                return fetch('/api/guests', {
                  method: 'POST', headers: {'Content-Type': 'application/json'},
                  body: JSON.stringify({backing: 'memfd', mode: 'minor', mib: arguments[0], hold: 'page = 0'}),
                }).then((answer) => answer.json());
                """,
                LIVE_MIB)
            .getOrDefault("id", "");
    visitor.await("its first fault", () -> "waiting".equals(status(id).get("phase")));
    if (viewed) {
      visitor.open("/explore/" + id);
      visitor.awaitLive();
    }
    visitor.script(
        """
        return fetch(`/api/runs/${arguments[0]}/commands`, {
          method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{"type":"go"}',
        }).then((answer) => answer.json());
        """,
        id);
    visitor.await("its words", () -> RATE.matcher("" + status(id).get("message")).find());
    Matcher rate = RATE.matcher("" + status(id).get("message"));
    assertThat(rate.find()).isTrue();
    return Double.parseDouble(rate.group(1));
  }

  private Map<String, Object> status(String id) {
    return visitor.script(
        "return fetch(`/api/runs/${arguments[0]}`).then((answer) => answer.json())", id);
  }

  private static double median(List<Double> all) {
    return all.stream().sorted().toList().get(all.size() / 2);
  }

  /** From the key to the end of the paint that shows the next moment. */
  @Test
  void stepFromKeyToPaint() {
    visitor.openSample(Visitor.TWO_VCPUS);
    visitor.awaitFirstFault();
    visitor.script(
        """
        window.benchSteps = [];
        let pressed = 0;
        addEventListener('keydown', (event) => { pressed = event.timeStamp; }, true);
        new MutationObserver(() => {
          const from = pressed;
          // Attributes change in the frame's callback, before its paint; this task runs after.
          setTimeout(() => window.benchSteps.push(performance.now() - from), 0);
        }).observe(document.getElementById('app'), { attributeFilter: ['data-seq'] });
        return true;
        """);
    for (int step = 0; step < STEPS; step++) {
      long next = visitor.seq() + 1;
      visitor.press(Keys.ARROW_RIGHT);
      visitor.awaitSeq(next);
    }
    print(
        "step from key to paint (ms)",
        visitor.script(
            """
            const all = window.benchSteps.sort((a, b) => a - b);
            const at = (share) => Math.round(all[Math.min(all.length - 1, Math.floor(share * all.length))] * 10) / 10;
            return { steps: all.length, median: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
            """));
  }

  /** From the last byte sent to the first painted moment of a million lines of raw ftrace. */
  @Test
  void firstPictureOfAMillionLines() throws IOException {
    Path trace = writeTrace(folder.resolve("million.trace.txt"));
    visitor
        .browser()
        .driver()
        .executeCdpCommand(
            "Page.addScriptToEvaluateOnNewDocument",
            Map.of(
                "source",
                """
                const send = XMLHttpRequest.prototype.send;
                XMLHttpRequest.prototype.send = function (body) {
                  this.upload.addEventListener('load', () => sessionStorage.setItem('sent', Date.now()));
                  send.call(this, body);
                };
                addEventListener('DOMContentLoaded', () => {
                  const app = document.getElementById('app');
                  const observer = new MutationObserver(() => {
                    if (Number(app.dataset.seq) > 0) {
                      observer.disconnect();
                      setTimeout(() => sessionStorage.setItem('seen', Date.now()), 0);
                    }
                  });
                  observer.observe(app, { attributeFilter: ['data-seq'] });
                });
                """));
    List<Long> millis = new ArrayList<>();
    for (int upload = 0; upload < UPLOADS; upload++) {
      visitor.open("/");
      visitor.await("the page", () -> visitor.count("#file") == 1);
      visitor.script("sessionStorage.clear(); return true");
      visitor.find("#file").sendKeys(trace.toString());
      visitor.await(
          "the first picture",
          () -> visitor.script("return sessionStorage.getItem('seen') !== null"));
      Number taken =
          visitor.script("return sessionStorage.getItem('seen') - sessionStorage.getItem('sent')");
      millis.add(taken.longValue());
    }
    print("first picture of " + LINES + " lines after each of the uploads (ms)", millis);
  }

  private static Path writeTrace(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("# tracer: nop\n");
      for (int line = 0; line < LINES; line++) {
        long micros = 1_000_000L + line;
        int page = line / 4 % 16_384;
        String time = "%d.%06d".formatted(micros / 1_000_000, micros % 1_000_000);
        out.write(
            switch (line % 4) {
              case 0 ->
                  "  vcpu-0-101   [000] d....  %s: page_fault_user: address=0x%x ip=0x401000 error_code=0x6\n"
                      .formatted(time, 0x7f0000000000L + page * 4096L);
              case 1 ->
                  " handler-102   [001] .....  %s: sys_ioctl(fd: 7, cmd: 0xc020aa07, arg: 0x7ffd0000)\n"
                      .formatted(time);
              case 2 -> " handler-102   [001] .....  %s: sys_ioctl -> 0x0\n".formatted(time);
              default ->
                  "  vcpu-0-101   [000] .....  %s: sys_ioctl(fd: 5, cmd: 0xae80, arg: 0x0)\n"
                      .formatted(time);
            });
      }
    }
    return file;
  }

  @SuppressWarnings("SystemOut")
  private static void print(String what, Object numbers) {
    System.out.println(what + ": " + numbers);
  }
}
