package dev.faultscope.live.probe;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.Kvm;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Vm;
import dev.faultscope.live.probe.Check.Group;
import dev.faultscope.live.probe.Check.Verdict;

/** Whether virtual machines can be made, and memory of their own kind. */
final class KvmTrials {

  private KvmTrials() {}

  static void run(Findings findings) {
    findings.attempt(
        "kvm",
        Group.KVM,
        "/dev/kvm",
        findings.remedy(
            "load kvm_intel or kvm_amd; be in the group kvm",
            "start the container with --device /dev/kvm"),
        () -> {
          try (Kvm kvm = Kvm.open();
              Vm vm = kvm.createVm()) {
            vm.createVcpu(0).close();
            return "a virtual machine and a vCPU can be made";
          }
        });
    try (Kvm kvm = Kvm.open();
        Vm vm = kvm.createVm()) {
      int known = kvm.guestMemfdFlags();
      findings.attempt(
          "guest_memfd",
          Group.KVM,
          "guest_memfd",
          "Linux 6.8 or later has it, if KVM is built with it",
          () -> {
            vm.createGuestMemfd(PAGE_BYTES, 0).close();
            return "can be made; flags this KVM takes: 0x" + Integer.toHexString(known);
          });
    } catch (LinuxException noKvm) {
      findings.add(
          "guest_memfd",
          Group.KVM,
          "guest_memfd",
          Verdict.NO,
          noKvm.getMessage(),
          "needs /dev/kvm");
    }
  }
}
