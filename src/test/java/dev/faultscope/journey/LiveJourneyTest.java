package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.guest.GuestLauncher;
import dev.faultscope.policy.Policies;
import dev.faultscope.policy.PolicyType;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A person holds a real thread, asleep in the real kernel, and lets it go. */
@Journey
@Requires({Requirement.UFFD, Requirement.BROWSER})
class LiveJourneyTest {
  private static final Pattern PAGE = Pattern.compile("page (\\d+), (minor|missing)");

  @LocalServerPort int port;
  @TempDir Path folder;
  private Visitor visitor;

  @BeforeEach
  void arrive() throws IOException {
    visitor = Visitor.at(port);
    visitor.open("/live");
    visitor.await("the page", () -> visitor.find(".fs-live-form").isDisplayed());
  }

  @AfterEach
  void leave() {
    visitor.close();
  }

  @Test
  void minorFaultsOnMemfdAreHeldSteppedAndAnsweredByHand() throws Exception {
    startGuest("memfd minor", "touch", "page >= 4");
    awaitHeld(4);
    assertThat(visitor.text(".fs-live__state"))
        .contains("Guest frozen for")
        .contains("watchdog")
        .contains("toucher 0 reads page 4, minor");
    visitor.await("the picture follows", () -> visitor.seq() > 0);
    visitor.browser().screenshot("live-held");
    visitor.script("document.documentElement.dataset.theme = 'dark'; return true;");
    visitor.browser().resize(1920, 1080);
    visitor.browser().screenshot("live-held-dark");
    visitor.browser().resize(1280, 720);
    visitor.script("document.documentElement.dataset.theme = 'light'; return true;");

    // Wrong first, and the kernel says so.
    byHand("COPY");
    visitor.await("the errno", () -> visitor.text(".fs-live__said").startsWith("EEXIST"));
    byHand("CONTINUE");
    visitor.await("it woke", () -> visitor.text(".fs-live__said").contains("Woke toucher 0"));
    awaitHeld(5);

    nothingHangsWhileTheGuestSleeps();

    press("Step");
    awaitHeld(6);
    press("Check pages");
    visitor.await("they agree", () -> visitor.text(".fs-live__said").contains("agree on 6"));

    // What was recorded can be walked while the guest sleeps.
    long seq = visitor.seq();
    visitor.find(".fs-live__state").click();
    visitor.press(Keys.HOME);
    visitor.await("the start", () -> visitor.seq() >= 0 && visitor.seq() < Math.max(1, seq));
    assertThat(visitor.text(".fs-live__state")).contains("Guest frozen");

    press("Run freely");
    awaitOver();
    assertThat(visitor.text(".fs-live__said")).contains("Read to ioctl");
  }

  @Test
  void aPredicateHoldsOnTheWayAndTheGuestRunsOnWhileSomebodyLooksBack() {
    startGuest("memfd minor", "touch", "page >= 4");
    awaitHeld(4);
    WebElement query = visitor.find(".fs-live__query");
    query.clear();
    query.sendKeys("page >= 40 and kind = enqueue", Keys.ENTER);
    visitor.await(
        "it is taken", () -> visitor.text(".fs-live__said").contains("satisfy the predicate"));
    press("Step");
    awaitHeld(40);
    query.clear();
    query.sendKeys("page >", Keys.ENTER);
    visitor.await("its mistake", () -> !visitor.text(".fs-live__said").contains("satisfy"));

    visitor.find(".fs-live__state").click();
    visitor.press(Keys.HOME);
    visitor.awaitSeq(0);
    visitor.step(Keys.ARROW_RIGHT, 3);
    press("Run freely");
    awaitOver();
    assertThat(visitor.seq()).as("the moment that somebody looks at stays").isEqualTo(3);
    visitor.find(".fs-live__state").click();
    visitor.press(Keys.END);
    visitor.await("now", () -> visitor.seq() > 1000);
  }

  @Test
  void missingFaultsOnAnonymousMemoryAreAnswered() {
    startGuest("anon missing", "touch", "");
    awaitHeld(0);
    press("Step");
    awaitHeld(1);
    byHand("ZEROPAGE");
    awaitHeld(2);
    press("Run freely");
    awaitOver();
  }

  @Test
  @Requires({Requirement.UFFD, Requirement.KVM, Requirement.BROWSER})
  void faultOfARealVcpuIsHeldSteppedAndResumed() {
    startGuest("memfd minor", "vcpu", "");
    awaitHeld(0);
    assertThat(visitor.text(".fs-live__state")).contains("vcpu 0 reads page 0");
    press("Step");
    awaitHeld(1);
    press("Run freely");
    awaitOver();
    assertThat(visitor.text(".fs-live__state")).contains("the peer left");
  }

  @Test
  void peerThatAttachesIsShownAndServed() throws Exception {
    WebElement form = visitor.find("form[aria-label='Attach']");
    form.findElement(By.cssSelector("[type=checkbox]")).click();
    form.findElement(By.cssSelector("button")).click();
    visitor.await("the body to send", () -> visitor.count(".fs-live-entry__request") == 1);
    String request = visitor.text(".fs-live-entry__request");
    assertThat(request).startsWith("PUT /snapshot/load").contains("\"backend_type\":\"Uffd\"");
    visitor.browser().screenshot("live-attach");
    visitor.script("document.documentElement.dataset.theme = 'dark'; return true;");
    visitor.browser().screenshot("live-attach-dark");
    Matcher socket = Pattern.compile("\"backend_path\":\"([^\"]+)\"").matcher(request);
    assertThat(socket.find()).isTrue();
    Process peer =
        GuestLauncher.process(List.of("--socket", socket.group(1), "--mib", "1", "--limit", "100"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      visitor.await(
          "the peer is held", () -> visitor.text("[data-attachment]").contains("Guest frozen"));
      assertThat(visitor.text("[data-run]")).contains("pid " + peer.pid());
      visitor.find("[data-run] a").click();
      awaitHeld(0);
      press("Run freely");
      assertThat(peer.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(peer.exitValue()).isZero();
    } finally {
      peer.destroyForcibly();
    }
  }

  private void nothingHangsWhileTheGuestSleeps() throws Exception {
    System.gc();
    assertThat(ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)).isNotEmpty();
    Path dump = folder.resolve("heap.hprof");
    ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
            "dumpHeap",
            new Object[] {dump.toString(), true},
            new String[] {String.class.getName(), boolean.class.getName()});
    assertThat(Files.size(dump)).isPositive();
    assertThat(visitor.text(".fs-live__state")).contains("Guest frozen");
  }

  @Test
  void aGuestCanHaveEveryPolicyThereIs() {
    visitor.await("the policies", () -> visitor.count("#live-policies option") > 0);
    List<String> offered =
        visitor.script(
            "return [...document.querySelectorAll('#live-policies option')].map((o) => o.value)");
    assertThat(offered)
        .containsExactlyElementsOf(Policies.all().stream().map(PolicyType::name).toList());

    choosePolicy("oracle");
    visitor.find("form[aria-label='Start a guest'] .fs-button--primary").click();
    visitor.await(
        "the remedy",
        () ->
            visitor.text(".fs-state--error").contains("name a recording, as in oracle:recording"));
    choosePolicy("adaptive-push:least=4,most=64");
    startGuest("memfd minor", "touch", "page >= 4");
    awaitHeld(4);
  }

  private void choosePolicy(String text) {
    WebElement policy = visitor.find("form[aria-label='Start a guest'] input[name=policy]");
    policy.clear();
    policy.sendKeys(text);
  }

  private void startGuest(String memory, String workload, String hold) {
    visitor.script(
        """
        const form = document.querySelector("form[aria-label='Start a guest']");
        form.elements.memory.value = arguments[0];
        form.elements.workload.value = arguments[1];
        form.elements.hold.value = arguments[2];
        form.elements.mib.value = 1;
        return true;
        """,
        memory,
        workload,
        hold);
    visitor.find("form[aria-label='Start a guest'] .fs-button--primary").click();
    visitor.await("the explorer", () -> visitor.path().startsWith("/explore/"));
  }

  private void byHand(String ioctl) {
    visitor.script(
        """
        document.querySelector(".fs-live__hand select").value = arguments[0];
        return true;
        """,
        ioctl);
    visitor.find(".fs-live__hand button").click();
  }

  private void press(String label) {
    visitor
        .browser()
        .driver()
        .findElement(By.xpath("//section[contains(@class,'fs-live')]//button[.='" + label + "']"))
        .click();
  }

  private void awaitHeld(int page) {
    visitor.await(
        "page " + page + " is held",
        () -> {
          Matcher held = PAGE.matcher(visitor.text(".fs-live__state"));
          return held.find() && held.group(1).equals(page + "");
        });
  }

  private void awaitOver() {
    visitor.await("the end", () -> visitor.text(".fs-live__state").startsWith("Over"));
  }
}
