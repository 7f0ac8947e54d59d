package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A person arrives, with a recording or without. */
@Journey
class StartPageJourneyTest {
  @LocalServerPort int port;
  @TempDir Path folder;
  private Visitor visitor;

  @BeforeEach
  void arrive() throws IOException {
    visitor = Visitor.at(port);
  }

  @AfterEach
  void leave() {
    visitor.close();
  }

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
