package dev.faultscope.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultscope.testsupport.Requirement;
import dev.faultscope.testsupport.Requires;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@Requires(Requirement.KVM)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64")
@Timeout(60)
class KvmTest {
  private static final long PAGE = 4096;
  private static final long MMIO = 0x1_0000_0000L;

  @Test
  void aGuestInLongModeStoresThroughItsPageTablesAndExits() throws Exception {
    for (int ring : new int[] {0, 3}) {
      try (Kvm kvm = Kvm.open();
          Vm vm = kvm.createVm();
          Mapping memory = Mapping.anonymous(16 * PAGE)) {
        // Identity map of the first GiB and of the page at 4 GiB where no slot is: 1-GiB entries
        // would need a CPU feature.
        long present = 7;
        memory.putLong(PAGE, 2 * PAGE | present);
        memory.putLong(2 * PAGE, 3 * PAGE | present);
        memory.putLong(2 * PAGE + 4 * 8, 4 * PAGE | present);
        memory.putLong(3 * PAGE, present | 1 << 7);
        memory.putLong(4 * PAGE, MMIO | present | 1 << 7);
        byte[] code = {
          0x48,
          (byte) 0x89,
          0x37, // mov [rdi], rsi
          0x49,
          (byte) 0x89,
          0x30, // mov [r8], rsi
          (byte) 0xeb,
          (byte) 0xfe // jmp .
        };
        memory.put(5 * PAGE, code);
        vm.setSlot(0, 0, memory.length(), memory.address());
        try (Vcpu vcpu = vm.createVcpu(0)) {
          vm.showAllFeatures(vcpu);
          vcpu.enterLongMode(PAGE, ring);
          vcpu.setRegisters(Map.of("rip", 5 * PAGE, "rdi", 6 * PAGE, "rsi", 0x1234L, "r8", MMIO));
          assertThat(vcpu.translate(6 * PAGE)).isEqualTo(Optional.of(6 * PAGE));
          assertThat(vcpu.translate(1L << 40)).isEmpty();
          assertThat(vcpu.run())
              .as("ring " + ring)
              .isEqualTo(new KvmExit.Mmio(MMIO, 0x1234, 8, true));
          assertThat(memory.getLong(6 * PAGE)).isEqualTo(0x1234);
          assertThat(vcpu.register("rsi")).isEqualTo(0x1234);
          vcpu.askToStop();
          assertThat(vcpu.run()).isEqualTo(new KvmExit.Interrupted());
        }
      }
    }
  }

  @Test
  void kvmItselfWritesItsClockIntoGuestMemory() throws Exception {
    try (Kvm kvm = Kvm.open();
        Vm vm = kvm.createVm();
        Mapping memory = Mapping.anonymous(16 * PAGE)) {
      vm.setSlot(0, 0, memory.length(), memory.address());
      try (Vcpu vcpu = vm.createVcpu(0)) {
        vm.showAllFeatures(vcpu);
        vcpu.setClock(8 * PAGE);
        vcpu.enterLongMode(PAGE, 0);
        vcpu.run();
        assertThat(memory.isZero(8 * PAGE, 32)).isFalse();
      }
    }
  }

  @Test
  void kvmRefusesWhatMakesNoSense() throws Exception {
    try (Kvm kvm = Kvm.open();
        Vm vm = kvm.createVm();
        Mapping memory = Mapping.anonymous(PAGE);
        Vcpu vcpu = vm.createVcpu(0)) {
      assertThatThrownBy(() -> vm.setSlot(0, 1, PAGE, memory.address()))
          .isInstanceOfSatisfying(
              LinuxException.class, failure -> assertThat(failure.errno()).isEqualTo(Errno.EINVAL));
      assertThatThrownBy(() -> vm.createVcpu(0))
          .isInstanceOfSatisfying(
              LinuxException.class, failure -> assertThat(failure.errno()).isEqualTo(Errno.EEXIST));
      assertThatThrownBy(() -> vcpu.setMsr(0x7fffffff, 1)).isInstanceOf(LinuxException.class);
    }
  }

  @Test
  void guestMemfdIsMappedAndBoundWhereTheKernelCan() throws Exception {
    try (Kvm kvm = Kvm.open();
        Vm vm = kvm.createVm()) {
      long flags = GuestMemfd.MMAP | GuestMemfd.INIT_SHARED;
      Assumptions.assumeTrue(
          (kvm.guestMemfdFlags() & flags) == flags, "this KVM cannot map a guest_memfd");
      try (GuestMemfd memory = vm.createGuestMemfd(4 * PAGE, flags);
          Mapping view = memory.map()) {
        view.putLong(PAGE, 5);
        vm.setSlot(1, 1 << 20, 4 * PAGE, view.address(), memory, 0);
        memory.fd().punchHole(PAGE, PAGE);
        assertThat(view.isZero(PAGE, 4096)).isTrue();
      }
      assertThatThrownBy(() -> vm.createGuestMemfd(1, 0))
          .isInstanceOfSatisfying(
              LinuxException.class, failure -> assertThat(failure.errno()).isEqualTo(Errno.EINVAL));
    }
  }
}
