package dev.faultscope.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** A person follows a fault through the kernel. */
@Journey
class KernelViewJourneyTest extends Visiting {
  @BeforeEach
  void open() throws IOException {
    visitor.openSample(Visitor.TWO_VCPUS);
    visitor.awaitFirstFault();
  }

  @Test
  void theFunctionsFollowTheMomentAndOtherKernelsCanBeCompared() throws IOException {
    visitor.press("k");
    visitor.await("the path of the fault", () -> pathIsOf(visitor.seq()));
    assertThat(current()).isEqualTo("schedule()");
    assertThat(visitor.content(".fs-frames")).contains("handle_userfault()", "VM_UFFD_MINOR");

    long fault = visitor.seq();
    visitor.step(Keys.ARROW_RIGHT, 1);
    visitor.await("the path of the next event", () -> pathIsOf(fault + 1));
    visitor.press(Keys.ARROW_LEFT);
    visitor.awaitSeq(fault);
    visitor.await("the path of the fault again", () -> pathIsOf(fault));
    assertThat(current()).isEqualTo("schedule()");

    assertThat(shownDifferences()).isZero();
    visitor.find(".fs-kernel__version[data-version='v2']").click();
    visitor.await("what v2 does", () -> shownDifferences() > 0);
    assertThat(visitor.content(".fs-frames")).contains("FAULT_FLAG_NO_USERFAULT_MINOR");
    visitor.browser().screenshot("kernel-view");

    visitor.await("the address", () -> visitor.path().contains("side=kernel"));
    visitor.press("k");
    visitor.await("the page again", () -> visitor.find("#side-panel-page").isDisplayed());
  }

  private boolean pathIsOf(long seq) {
    return visitor.find(".fs-frames").isDisplayed()
        && visitor.attribute(".fs-frames", "data-seq").equals(Long.toString(seq))
        && visitor.count(".fs-frames > li") > 0;
  }

  private String current() {
    return visitor.content(".fs-frames--current .fs-frames__name");
  }

  private long shownDifferences() {
    return visitor.script(
        "return document.querySelectorAll('.fs-frames__others:not([hidden]) > div').length");
  }
}
