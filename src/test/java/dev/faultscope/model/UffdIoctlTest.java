package dev.faultscope.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UffdIoctlTest {
  @Test
  void sameNameIsAnotherBitInAnotherIoctl() {
    assertThat(UffdIoctl.COPY.bit("DONTWAKE")).isEqualTo(1);
    assertThat(UffdIoctl.COPY.bit("WP")).isEqualTo(2);
    assertThat(UffdIoctl.WRITEPROTECT.bit("WP")).isEqualTo(1);
    assertThat(UffdIoctl.WRITEPROTECT.bit("DONTWAKE")).isEqualTo(2);
  }

  @Test
  void modesAreReadAndWrittenByName() {
    assertThat(UffdIoctl.MOVE.mode(List.of("ALLOW_SRC_HOLES", "DONTWAKE"))).isEqualTo(3);
    assertThat(UffdIoctl.REGISTER.modeNames(5)).containsExactly("MISSING", "MINOR");
    assertThat(UffdIoctl.ZEROPAGE.modeNames(3)).containsExactly("DONTWAKE", "0x2");
    assertThat(UffdIoctl.WAKE.mode(List.of())).isZero();
  }

  @Test
  void unknownModeIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> UffdIoctl.ZEROPAGE.mode(List.of("WP")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ZEROPAGE has no mode WP; it has [DONTWAKE]");
  }

  @Test
  void unknownNameIsRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> UffdIoctl.named("UNKNOWN"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("name is 'UNKNOWN'; there are [REGISTER, UNREGISTER, WAKE, COPY");
  }

  @Test
  void registeringForProtectionProtectsNothing() {
    assertThat(UffdIoctl.REGISTER.protects(2)).isFalse();
    assertThat(UffdIoctl.COPY.protects(2)).isTrue();
    assertThat(UffdIoctl.WRITEPROTECT.protects(2)).isFalse();
    assertThat(UffdIoctl.WRITEPROTECT.protects(1)).isTrue();
  }

  @Test
  void onlyLiftingProtectionWakes() {
    assertThat(UffdIoctl.WRITEPROTECT.wakes(0)).isTrue();
    assertThat(UffdIoctl.WRITEPROTECT.wakes(1)).isFalse();
    assertThat(UffdIoctl.WRITEPROTECT.wakes(2)).isFalse();
  }

  @Test
  void whoFillsWakesUnlessToldNotTo() {
    Arrays.stream(UffdIoctl.values())
        .filter(UffdIoctl::fills)
        .forEach(
            ioctl -> {
              assertThat(ioctl.wakes(0)).as(ioctl.name()).isTrue();
              assertThat(ioctl.wakes(ioctl.bit("DONTWAKE"))).as(ioctl.name()).isFalse();
            });
  }

  @Test
  void everyIoctlSaysWhatItDoes() {
    assertThat(UffdIoctl.values()).allMatch(ioctl -> ioctl.sentence().endsWith("."));
  }
}
