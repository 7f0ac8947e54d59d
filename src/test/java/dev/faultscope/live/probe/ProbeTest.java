package dev.faultscope.live.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultscope.linux.Tracefs;
import dev.faultscope.live.probe.Check.Verdict;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProbeTest {
  @Test
  void everyLineSaysWhatTheMachineSaid() {
    List<Check> checks = Probe.run();
    assertThat(checks).isNotEmpty().allSatisfy(check -> assertThat(check.detail()).isNotBlank());
    assertThat(checks.stream().map(Check::id)).doesNotHaveDuplicates();
    assertThat(checks)
        .filteredOn(check -> check.verdict() != Verdict.YES)
        .allSatisfy(check -> assertThat(check.remedy()).isNotBlank());
  }

  @Test
  @Requires({Requirement.UFFD, Requirement.KVM})
  void whatThisMachineHasIsFound() {
    List<Check> checks = Probe.run();
    assertThat(named(checks, "uffd.features").detail()).contains("THREAD_ID");
    assertThat(named(checks, "register.anon").verdict()).isEqualTo(Verdict.PARTLY);
    assertThat(named(checks, "register.anon").detail()).contains("not MINOR (EINVAL)");
    assertThat(named(checks, "register.anon").remedy()).contains("use a memfd");
    assertThat(named(checks, "register.anon").modes())
        .extracting(Check.Mode::name, Check.Mode::works)
        .containsExactly(tuple("MISSING", true), tuple("WP", true), tuple("MINOR", false));
    assertThat(checks)
        .extracting(Check::id)
        .contains("register.guest_memfd-0", "register.guest_memfd-3", "register.hugetlb");
    assertThat(named(checks, "register.memfd").verdict()).isEqualTo(Verdict.YES);
    assertThat(named(checks, "kvm").verdict()).isEqualTo(Verdict.YES);
  }

  private static Check named(List<Check> checks, String id) {
    return checks.stream().filter(check -> check.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  @Requires(Requirement.TRACEFS)
  void trialOfTracingLeavesNoInstanceBehind() throws IOException {
    assertThat(named(Probe.run(), "tracefs").verdict()).isEqualTo(Verdict.YES);
    try (Tracefs tracefs = Tracefs.open()) {
      assertThat(tracefs.madeBy(ProcessHandle.current().pid())).isEmpty();
    }
  }
}
