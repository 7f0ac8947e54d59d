package dev.faultscope.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.Probe.Check;
import dev.faultscope.live.Probe.Verdict;
import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.io.File;
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
    File[] instances = new File("/sys/kernel/tracing/instances").listFiles();
    assertThat(instances == null ? new File[0] : instances)
        .noneMatch(instance -> instance.getName().startsWith("faultscope"));
  }

  @Test
  @Requires({Requirement.UFFD, Requirement.KVM})
  void whatThisMachineHasIsFound() {
    List<Check> checks = Probe.run();
    assertThat(named(checks, "uffd.features").detail()).contains("THREAD_ID");
    assertThat(named(checks, "register.anon").verdict()).isEqualTo(Verdict.PARTLY);
    assertThat(named(checks, "register.anon").detail()).contains("not MINOR (EINVAL)");
    assertThat(named(checks, "register.memfd").verdict()).isEqualTo(Verdict.YES);
    assertThat(named(checks, "kvm").verdict()).isEqualTo(Verdict.YES);
  }

  private static Check named(List<Check> checks, String id) {
    return checks.stream().filter(check -> check.id().equals(id)).findFirst().orElseThrow();
  }
}
