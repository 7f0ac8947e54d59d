package dev.faultscope.session.kernelview;

import static dev.faultscope.session.kernelview.KernelFunction.*;

import dev.faultscope.model.Event;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.Region;
import dev.faultscope.session.kernelview.AccessFrames.Layer;

/** KVM_RUN between the guest and the VMM. */
final class ExitFrames {
  private ExitFrames() {}

  /** A vCPU leaves the guest, or enters it. */
  static void exit(KernelPath path, Event event, Scene scene, Access access) {
    ExitReason reason = ExitReason.ofCode(event.detail());
    AccessFrames.run(path, scene);
    switch (reason) {
      case ENTRY ->
          path.into(
              VCPU_ENTER_GUEST,
              "The guest runs until something makes it leave.",
              "vcpu",
              scene.who());
      case STAGE2_FAULT -> StageTwoFrames.fault(path, access, scene);
      case MEMORY_FAULT -> {
        StageTwoFrames.fault(path, access, scene);
        memoryFault(path, scene, access);
      }
      case UNKNOWN,
          EXCEPTION,
          IO,
          DEBUG,
          HLT,
          MMIO,
          SHUTDOWN,
          FAIL_ENTRY,
          INTR,
          INTERNAL_ERROR,
          INTERRUPT,
          MMIO_ACCESS,
          RESTART,
          ERROR ->
          path.value("exit", reason.text());
    }
  }

  private static void memoryFault(KernelPath path, Scene scene, Access access) {
    if (access.decision() != null && AccessFrames.layerOf(access.decision()) == Layer.STAGE2) {
      DecisionFrames.decide(path, access.decision(), scene);
    }
    path.into(
            KVM_PREPARE_MEMORY_FAULT_EXIT,
            "Fills kvm_run; ioctl(KVM_RUN) then answers -1 with EFAULT, and the VMM decides.",
            "exit_reason",
            "KVM_EXIT_MEMORY_FAULT (39)",
            "gpa",
            scene.gpa(),
            "size",
            Scene.hex(Region.PAGE_BYTES))
        .differs(
            KernelVersion.KVM_USERFAULT,
            "Sets KVM_MEMORY_EXIT_FLAG_USERFAULT, so that the VMM knows it from a mismatch of"
                + " private and shared.");
  }
}
