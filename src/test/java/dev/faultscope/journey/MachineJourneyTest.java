package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** A person asks what this machine can do. */
@Journey
@Requires({Requirement.UFFD, Requirement.KVM, Requirement.BROWSER})
class MachineJourneyTest extends Visiting {
  @BeforeEach
  void arrive() throws IOException {
    visitor.browser().driver().findElement(By.linkText("This machine")).click();
    visitor.await("the matrix", () -> visitor.count("[data-trial]") > 10);
  }

  @Test
  void everyTrialHasItsVerdictAndEveryFailureItsRemedy() throws IOException {
    assertThat(visitor.path()).isEqualTo("/probe");
    assertThat(visitor.text(".fs-probe__says")).contains("with real vCPUs").contains("Linux");
    assertThat(visitor.text("[data-trial='register.memfd']")).contains("yes");
    assertThat(visitor.text("[data-trial='register.anon']"))
        .contains("partly")
        .contains("EINVAL")
        .contains("use a memfd");
    assertThat(visitor.count("[data-trial]:not([data-verdict='yes'])"))
        .isEqualTo(visitor.count("[data-trial]:not([data-verdict='yes']) .fs-probe__remedy"));
    assertThat(visitor.text(".fs-probe__command"))
        .isEqualTo("docker run --device /dev/userfaultfd --device /dev/kvm …");
    pictures();
    visitor.browser().driver().findElement(By.linkText("Live guests")).click();
    visitor.await("live guests", () -> visitor.find(".fs-live-form").isDisplayed());
  }

  @Test
  void everythingIsTriedAgain() {
    visitor.script("document.querySelector('.fs-probe__says').textContent = ''; return true;");
    visitor.browser().driver().findElement(By.xpath("//button[text()='Try again']")).click();
    visitor.await("the answer", () -> visitor.text(".fs-probe__says").contains("Linux"));
  }

  private void pictures() throws IOException {
    visitor.browser().screenshot("probe");
    visitor.browser().resize(1920, 1080);
    visitor.script("document.documentElement.dataset.theme = 'dark'; return true;");
    visitor.browser().screenshot("probe-dark");
  }
}
