package dev.faultscope.live.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.live.attach.GuestRegion;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracedAccessTest {
  private static final long BASE = 0x7f7140000000L;

  private final TracedAccess.Parser parser =
      new TracedAccess.Parser(List.of(new GuestRegion(BASE, 0x10000, 0, 4096, 0x100000, false)));

  @Test
  void trapOutOfUserModeIsReadWithItsThreadAndTime() {
    assertThat(
            parser.parse(
                "         toucher 0-4711    [001] d.... 30549.515371: page_fault_user:"
                    + " address=0x7f7140003008 ip=0x7f3058cd7c98 error_code=0x6"))
        .isEqualTo(new TracedAccess(4711, BASE + 0x3008, 30_549_515_371_000L));
  }

  @Test
  void namesWithDashesAndThreadGroupsDoNotDisturb() {
    assertThat(
            parser.parse(
                "   vcpu-0 [1] 12-9-4712    (   4700) [000] d.h1. 7.000001: page_fault_kernel:"
                    + " address=0x7f714000f000 ip=__get_user_8 error_code=0x0"))
        .isEqualTo(new TracedAccess(4712, BASE + 0xf000, 7_000_001_000L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vcpu-4713 [000] ..... 8.250000: kvm_page_fault: vcpu 0 rip 0x10 address 0x2010 error_code"
            + " 0x6",
        "vcpu-4713 [000] ..... 8.250000: kvm_mmu_pagetable_walk: addr 2010 pferr 4 U"
      })
  void throughStageTwoItsThreadAloneTellsWhoseItIs(String line) {
    TracedAccess access = Objects.requireNonNull(parser.parse(line));

    assertThat(access.beganNs()).isEqualTo(8_250_000_000L);
    assertThat(access.explains(4713, BASE, 4096)).isTrue();
    assertThat(access.explains(4714, BASE, 4096)).isFalse();
    assertThat(access.explains(0, BASE, 4096)).isFalse();
  }

  @Test
  void trapExplainsMessagesOfItsPageByItsThreadOrNobodyNamed() {
    TracedAccess access = new TracedAccess(4711, BASE + 0x3008, 1);

    assertThat(access.explains(4711, BASE + 0x3000, 4096)).isTrue();
    assertThat(access.explains(0, BASE + 0x3ff8, 4096)).isTrue();
    assertThat(access.explains(4711, BASE + 0x4000, 4096)).isFalse();
    assertThat(access.explains(4712, BASE + 0x3000, 4096)).isFalse();
    assertThat(access.explains(0, BASE + 0x100000, 2 << 20)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CPU:0 [LOST 117 EVENTS]",
        " t-1 [000] d.... 1.000000: page_fault_user: address=0x7f7140010000 ip=0x1 error_code=0x6",
        " t-1 [000] d.... 1.000000: page_fault_user: address=__init_begin ip=0x1 error_code=0x6",
        " t-1 [000] ..... 1.000000: kvm_entry: vcpu 0, rip 0x1000",
        " t-99999999999 [000] d.... 1.0: page_fault_user: address=0x7f7140000000 ip=0x1",
      })
  void whatTellsOfNoAccessToTheRegionsIsNone(String line) {
    assertThat(parser.parse(line)).isNull();
  }
}
