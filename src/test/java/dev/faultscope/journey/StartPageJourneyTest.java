package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.session.RecordedSessions;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import dev.faultscope.timeline.TimelineInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** A person arrives, with a recording or without. */
@Journey
class StartPageJourneyTest extends Visiting {
  @TempDir Path folder;

  @Test
  void samplesAreListedWithAPictureEach() throws IOException {
    visitor.await("samples", () -> visitor.count(".fs-recording") >= 3);
    assertThat(visitor.count(".fs-recording__picture")).isEqualTo(visitor.count(".fs-recording"));
    assertThat(
            visitor
                .browser()
                .driver()
                .findElement(By.partialLinkText(Visitor.TWO_VCPUS))
                .isDisplayed())
        .isTrue();
    visitor.browser().screenshot("start");
  }

  @Test
  void aChosenFileIsSentReadAndShown() throws IOException {
    choose(Path.of("sample-traces", "v_c_uprobe.trace.txt"));
    visitor.awaitLive();
    visitor.await("the whole file", () -> visitor.text(".fs-connection").contains("recorded"));
    assertThat(visitor.path()).startsWith("/explore/");
    assertThat(visitor.text(".fs-top-bar__title")).contains("v_c_uprobe");
  }

  @Test
  void aRecordingThatWasCutSaysSoFirstAndShowsWhatIsWhole() throws IOException {
    Path whole = folder.resolve("whole.fscope");
    try (RecordingFile recording =
            RecordingFile.create(whole, new TimelineInfo("a long night", "test", 0));
        Timeline timeline = recording.timeline()) {
      RecordedSessions.declare(recording, 64);
      for (int i = 0; i < 200; i++) {
        RecordedSessions.fault(recording, 0, i % 64, i * 1000L);
      }
      recording.complete();
      assertThat(timeline.lastSequence()).isEqualTo(1200);
    }
    byte[] bytes = Files.readAllBytes(whole);

    choose(Files.write(folder.resolve("night-2.fscope"), Arrays.copyOf(bytes, bytes.length / 2)));

    visitor.awaitLive();
    visitor.await("what is lost", () -> visitor.count(".fs-band--bad") == 1);
    assertThat(visitor.text(".fs-frame__bands"))
        .startsWith("night-2.fscope is not whole: the file was cut within a chunk, at byte ")
        .containsPattern("Its first \\d{3} events, up to 0\\.000\\d{3} s, are here");
    assertThat(visitor.text(".fs-transport__where")).doesNotContain("/ 0");
    visitor.browser().screenshot("cut-recording");
    visitor.open("/");
    visitor.await("its row", () -> visitor.count(".fs-recording__text--bad") > 0);
    assertThat(visitor.text(".fs-recording__text--bad")).startsWith("night-2.fscope is not whole");
    visitor.browser().screenshot("cut-recording-row");
  }

  @Test
  void anUploadCanBeCancelled() throws IOException {
    Path large = Files.write(folder.resolve("large.txt"), new byte[8 << 20]);
    slowDown(64 << 10);
    choose(large);
    visitor.await("the upload", () -> visitor.find(".fs-upload").isDisplayed());

    visitor.find(".fs-upload button").click();

    visitor.await("the panel to go", () -> !visitor.find(".fs-upload").isDisplayed());
    slowDown(-1);
    assertThat(visitor.path()).isEqualTo("/");
    visitor.open("/");
    visitor.await("samples", () -> visitor.count(".fs-recording") >= 3);
    assertThat(visitor.text(".fs-start__body")).doesNotContain("large.txt");
  }

  @Test
  void aFileThatIsNoRecordingIsRefusedWithAWayOn() throws IOException {
    choose(Files.writeString(folder.resolve("shopping.txt"), "milk\nbread\n".repeat(50)));
    visitor.await(
        "the refusal",
        () ->
            visitor.count(".fs-band--bad") > 0 || visitor.find(".fs-upload__error").isDisplayed());
  }

  private void choose(Path file) {
    visitor.await("the page", () -> visitor.count("#file") == 1);
    visitor.find("#file").sendKeys(file.toAbsolutePath().toString());
  }

  /** Bytes a second in both directions; -1 for as fast as it goes. */
  private void slowDown(int bytesPerSecond) {
    visitor.browser().driver().executeCdpCommand("Network.enable", Map.of());
    visitor
        .browser()
        .driver()
        .executeCdpCommand(
            "Network.emulateNetworkConditions",
            Map.of(
                "offline",
                false,
                "latency",
                0,
                "downloadThroughput",
                -1,
                "uploadThroughput",
                bytesPerSecond));
  }
}
