package dev.faultscope.session.kernelview;

import static dev.faultscope.session.kernelview.KernelFunction.*;

import dev.faultscope.model.DecideReason;

/** The way from an access to where the kernel decides what becomes of it. */
final class AccessFrames {
  private AccessFrames() {}

  /** How deep a decision is made. */
  enum Layer {
    /** The processor finds an entry: the kernel does not run, unless the thread slept. */
    PROCESSOR,
    /** KVM's page fault handler, before it looks at host memory. */
    STAGE2,
    /** A copy that KVM makes, before it faults. */
    KVM_COPY,
    /** The host's page fault handler. */
    HOST
  }

  /** {@return where a decision is made} */
  static Layer layerOf(DecideReason reason) {
    return switch (reason) {
      case PRESENT, STAGE2_MAPPED, USERFAULT_UNSEEN -> Layer.PROCESSOR;
      case USERFAULT_BIT,
          USERFAULT_UNREADABLE,
          ATTRIBUTE_MISMATCH,
          GMEM_DIRECT,
          STAGE2_FILLED,
          STAGE2_GUP,
          STAGE2_UPGRADE,
          GMEM_ZEROED,
          USERFAULT_CLEAR,
          GUP_REFUSED,
          NO_SLOT,
          MAPPED_FIRST,
          MAPPED_AGAIN,
          MADE_WRITABLE,
          FAST_FIXED,
          RETRIED,
          SPURIOUS,
          EMULATED,
          ASYNC ->
          Layer.STAGE2;
      case NO_DIRECT_MAP, KVM_USER_MAPPING -> Layer.KVM_COPY;
      case UNKNOWN,
          CACHED_MINOR,
          ABSENT_MISSING,
          ANON_MISSING,
          WRITE_PROTECTED,
          CACHED_MAPPED,
          ABSENT_ZEROED,
          ANSWERED,
          NOT_ANSWERED,
          NO_RETRY,
          SIGBUS_FEATURE,
          USER_MODE_ONLY,
          POISONED,
          BEYOND_EOF,
          COPY_ON_WRITE,
          GMEM_FULL_MINOR,
          ALREADY_QUEUED,
          OUTSIDE,
          WP_ASYNC,
          GMEM_PRIVATE ->
          Layer.HOST;
    };
  }

  /** Goes from the access to the function that decides at a layer. */
  static void enter(KernelPath path, Access access, Scene scene, Layer layer) {
    path.inferring(!access.told());
    switch (access.origin()) {
      case USER, VMM -> exception(path, scene, false);
      case KERNEL -> {
        systemCall(path, access, scene);
        exception(path, scene, true);
      }
      case STAGE2 -> {
        run(path, scene);
        StageTwoFrames.fault(path, access, scene);
        if (layer == Layer.HOST) {
          StageTwoFrames.host(path, scene);
        }
      }
      case KVM -> {
        run(path, scene);
        kvmCopy(path, access, scene);
        if (layer == Layer.HOST) {
          exception(path, scene, true);
        }
      }
      case UNKNOWN -> run(path, scene);
    }
    if (layer == Layer.HOST) {
      path.into(
          HANDLE_MM_FAULT,
          "The generic fault handler: everything below runs again from here after each wake.",
          "address",
          scene.address(),
          "vma",
          scene.vma());
    }
  }

  /** A vCPU's thread inside KVM_RUN. */
  static void run(KernelPath path, Scene scene) {
    path.into(
            KVM_VCPU_IOCTL,
            "The VMM's thread is in ioctl(KVM_RUN).",
            "vcpu",
            scene.who(),
            "ioctl",
            "KVM_RUN")
        .into(
            KVM_ARCH_VCPU_IOCTL_RUN,
            "Loops: enters the guest, handles what made it leave.",
            "vcpu",
            scene.who());
  }

  private static void exception(KernelPath path, Scene scene, boolean kernelMode) {
    String code =
        (scene.isWrite() ? "X86_PF_WRITE" : "read") + (kernelMode ? "" : " | X86_PF_USER");
    path.into(
            EXC_PAGE_FAULT,
            "The processor found no usable page-table entry and raises #PF.",
            "cr2",
            scene.address(),
            "error_code",
            code)
        .into(
            DO_USER_ADDR_FAULT,
            "Finds the VMA of the address and makes the fault flags.",
            "address",
            scene.address(),
            "flags",
            faultFlags(scene, kernelMode));
  }

  private static String faultFlags(Scene scene, boolean kernelMode) {
    return (scene.isWrite() ? "FAULT_FLAG_WRITE | " : "")
        + (kernelMode ? "" : "FAULT_FLAG_USER | ")
        + "FAULT_FLAG_ALLOW_RETRY";
  }

  private static void systemCall(KernelPath path, Access access, Scene scene) {
    path.into(
        DO_SYSCALL_64,
        access.write()
            ? "A system call that stores into the caller's memory, as read(2) does."
            : "A system call that reads the caller's memory, as write(2) does.",
        "task",
        scene.who());
    path.into(
        access.write() ? COPY_TO_USER : COPY_FROM_USER,
        "Copies through the caller's own page table; a fault in it is a kernel-mode fault.",
        "buffer",
        scene.address());
  }

  private static void kvmCopy(KernelPath path, Access access, Scene scene) {
    path.into(
            access.write() ? __KVM_WRITE_GUEST_PAGE : __KVM_READ_GUEST_PAGE,
            access.write()
                ? "KVM itself stores into guest memory, for kvmclock, steal time or PV EOI."
                : "KVM itself reads guest memory, to walk page tables or to decode an instruction.",
            "gfn",
            scene.gfn(),
            "hva",
            scene.address())
        .differs(
            KernelVersion.KVM_USERFAULT,
            "The bitmap is not looked at here: an access by KVM itself goes through the user"
                + " mapping whatever its bit says, so it still needs a userfaultfd.");
    path.into(
        access.write() ? COPY_TO_USER : COPY_FROM_USER,
        "Goes through the slot's user mapping, so a userfaultfd on it sees the fault.",
        "hva",
        scene.address());
  }
}
