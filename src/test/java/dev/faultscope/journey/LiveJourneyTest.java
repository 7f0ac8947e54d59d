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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** A person holds a real thread, asleep in the real kernel, and lets it go. */
@Journey
@Requires({Requirement.UFFD, Requirement.BROWSER})
class LiveJourneyTest extends Visiting {
  @TempDir Path folder;
  private RunPage page;

  @BeforeEach
  void arrive() throws IOException {
    page = new RunPage(visitor);
    visitor.open("/live");
    visitor.await("the page", () -> visitor.find(".fs-live-form").isDisplayed());
  }

  @Test
  void minorFaultsOnMemfdAreHeldSteppedAndAnsweredByHand() throws Exception {
    startGuest("memfd minor", "touch", "page >= 4");
    page.openHand();
    page.awaitHeld("guest-ram 0x4");
    assertThat(page.state()).contains("1 fault held, frozen for").contains("watchdog");
    assertThat(visitor.text(RunPage.QUEUE)).contains("toucher 0 read, minor");
    assertThat(visitor.text(".fs-run__hold")).contains("page >= 4");
    visitor.await("the picture follows", () -> visitor.seq() > 0);
    visitor.browser().screenshot("live-held");
    visitor.script("document.documentElement.dataset.theme = 'dark'; return true;");
    visitor.browser().resize(1920, 1080);
    visitor.browser().screenshot("live-held-dark");
    visitor.browser().resize(1280, 720);
    visitor.script("document.documentElement.dataset.theme = 'light'; return true;");

    // Wrong first, and the kernel says so.
    page.makeIoctl("COPY");
    page.awaitAnswer("COPY guest-ram 0x4", "EEXIST", "woke nobody");
    page.makeIoctl("CONTINUE");
    page.awaitAnswer("CONTINUE guest-ram 0x4", "woke toucher 0");
    page.awaitHeld("guest-ram 0x5");

    nothingHangsWhileTheGuestSleeps();

    visitor.press(Keys.END);
    visitor.press(Keys.ARROW_RIGHT);
    page.awaitHeld("guest-ram 0x6");
    page.press("Check pages");
    visitor.await("they agree", () -> visitor.text(".fs-toast").contains("agree on 6"));

    // What was recorded can be walked while the guest sleeps.
    long seq = visitor.seq();
    visitor.press(Keys.HOME);
    visitor.await("the start", () -> visitor.seq() >= 0 && visitor.seq() < Math.max(1, seq));
    assertThat(page.state()).contains("frozen for");

    visitor.press("r");
    page.awaitOver();
    assertThat(visitor.text(".fs-run__counts")).contains("256 minor", "Read to ioctl");

    String row = "[data-run='%s'] canvas".formatted(visitor.path().split("[/#]")[2]);
    visitor.open("/live");
    visitor.await("its picture", () -> visitor.find(row).isDisplayed());
    // Halfway some pages are mapped and some are not.
    assertThat(coloursOf(row)).isGreaterThan(1);
    visitor.look("live-over");
  }

  private long coloursOf(String canvas) {
    return visitor.script(
        """
        const picture = document.querySelector(arguments[0]);
        const { data } = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height);
        return new Set(new Uint32Array(data.buffer)).size;
        """,
        canvas);
  }

  @Test
  void aPredicateHoldsOnTheWayAndTheGuestRunsOnWhileSomebodyLooksBack() {
    startGuest("memfd minor", "touch", "page >= 4");
    page.openHand();
    page.awaitHeld("guest-ram 0x4");
    page.holdAt("page >= 40 and kind = enqueue");
    visitor.press("r");
    page.awaitHeld("guest-ram 0x28");

    visitor.press("b");
    visitor.await("no predicate", () -> visitor.text(".fs-run__hold").isEmpty());
    visitor.press(Keys.HOME);
    visitor.awaitSeq(0);
    visitor.step(Keys.ARROW_RIGHT, 3);
    visitor.press("m");
    visitor.await("manual", () -> visitor.text(".fs-hand__says").contains("wait for you"));
    visitor.press("m");
    page.awaitOver();
    assertThat(visitor.seq()).as("the moment that somebody looks at stays").isEqualTo(3);
    visitor.press(Keys.END);
    visitor.await("now", () -> visitor.seq() > 1000);
  }

  @Test
  void missingFaultsOnAnonymousMemoryAreAnswered() {
    startGuest("anon missing", "touch", "");
    page.openHand();
    page.awaitHeld("guest-ram 0x0");
    visitor.press("p");
    page.awaitHeld("guest-ram 0x1");
    page.makeIoctl("ZEROPAGE");
    page.awaitHeld("guest-ram 0x2");
    visitor.press("m");
    page.awaitOver();
  }

  @Test
  void whatCannotBeMadeFromOutsideSaysWhy() throws IOException {
    startGuest("memfd minor", "touch", "");
    page.openHand();
    page.awaitHeld("guest-ram 0x0");
    visitor.script(
        """
        for (const [form, value] of [["ioctl", "MOVE"], ["Meddle", "punch-hole"]]) {
          const select = document.querySelector(`form[aria-label=${form}] select`);
          select.value = value;
          select.dispatchEvent(new Event("change"));
        }
        return true;
        """);
    assertThat(visitor.text("form[aria-label=ioctl] .fs-hand__about"))
        .contains("only the process itself can make it");
    assertThat(visitor.find("form[aria-label=ioctl] .fs-button").isEnabled()).isFalse();
    assertThat(visitor.text("form[aria-label=Meddle] .fs-hand__about"))
        .contains("only it can punch holes");
    assertThat(visitor.find("form[aria-label=Meddle] .fs-button").isEnabled()).isFalse();
    visitor.browser().screenshot("live-refused");
  }

  @Test
  @Requires({Requirement.UFFD, Requirement.KVM, Requirement.BROWSER})
  void faultOfARealVcpuIsHeldSteppedAndResumed() {
    startGuest("memfd minor", "vcpu", "");
    page.openHand();
    page.awaitHeld("guest-ram 0x0");
    assertThat(visitor.text(RunPage.QUEUE)).contains("vcpu 0 read");
    visitor.press(Keys.END);
    visitor.press(Keys.ARROW_RIGHT);
    page.awaitHeld("guest-ram 0x1");
    visitor.press("r");
    page.awaitOver();
    assertThat(page.state()).contains("the peer left");
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
          "the peer is held", () -> visitor.text("[data-attachment]").contains("frozen for"));
      assertThat(visitor.text("[data-run]")).contains("pid " + peer.pid());
      visitor.await(
          "the link",
          () -> {
            // The list is written anew while the fault is held.
            visitor.find("[data-run] a").click();
            return true;
          });
      page.await();
      page.openHand();
      page.awaitHeld("guest-ram 0x0");
      visitor.press("r");
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
    assertThat(page.state()).contains("frozen for");
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
    page.openHand();
    page.awaitHeld("guest-ram 0x4");
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
    page.await();
  }
}
