package dev.faultscope.session.kernelview;

import static dev.faultscope.session.kernelview.KernelFunction.*;

import dev.faultscope.model.PageState;

/** KVM's handling of a guest access that stage 2 does not map. */
final class StageTwoFrames {
  private StageTwoFrames() {}

  /** From the exit to where KVM looks for the page. */
  static void fault(KernelPath path, Access access, Scene scene) {
    path.into(
            KVM_MMU_PAGE_FAULT,
            "The guest left with an EPT violation or a nested page fault.",
            "cr2_or_gpa",
            scene.gpa(),
            "error_code",
            access.write() ? "PFERR_WRITE_MASK" : "read")
        .into(
            KVM_MMU_DO_PAGE_FAULT,
            "Makes the kvm_page_fault that is passed down.",
            "gfn",
            scene.gfn(),
            "write",
            String.valueOf(access.write()))
        .into(
            KVM_TDP_PAGE_FAULT,
            "Two-dimensional paging: stage 2 is KVM's own table.",
            "stage 2",
            scene.stage2())
        .into(
            KVM_MMU_FAULTIN_PFN,
            "Finds the memory slot, checks attributes, gets the page frame.",
            "gfn",
            scene.gfn());
  }

  private static void faultIn(KernelPath path, Scene scene) {
    if (path.goesThrough(__KVM_MMU_FAULTIN_PFN)) {
      return;
    }
    path.into(
            __KVM_MMU_FAULTIN_PFN,
            "Chooses: guest_memfd gives the page itself, or the user mapping is asked.",
            "gfn",
            scene.gfn())
        .differs(
            KernelVersion.KVM_USERFAULT,
            "Asks kvm_do_userfault() first: a set bit ends KVM_RUN with exit 39 before any page is"
                + " looked for.");
  }

  /** Through the slot's user mapping, down to where the host's fault begins. */
  static void host(KernelPath path, Scene scene) {
    faultIn(path, scene);
    path.into(
            __KVM_FAULTIN_PFN,
            "Turns the frame number into an address of the slot's user mapping.",
            "gfn",
            scene.gfn(),
            "hva",
            scene.address())
        .into(
            HVA_TO_PFN,
            "The fast walk found no entry; the slow way may sleep.",
            "addr",
            scene.address(),
            "write_fault",
            String.valueOf(scene.isWrite()))
        .into(
            GET_USER_PAGES_UNLOCKED,
            "Pins the page as if the VMM's thread had touched it.",
            "start",
            scene.address(),
            "gup_flags",
            scene.isWrite() ? "FOLL_WRITE" : "0")
        .into(
            FAULTIN_PAGE,
            "Faults the page in without a page fault exception: a userfaultfd sees a fault of the"
                + " vCPU's thread.",
            "address",
            scene.address());
  }

  /** The page's bit of the KVM Userfault bitmap is set. */
  static void userfaultBit(KernelPath path, Scene scene) {
    faultIn(path, scene);
    userfault(path, scene, "1: trap");
  }

  /** The page's bit is clear: an ordinary fault goes on. */
  static void userfaultClear(KernelPath path, Scene scene) {
    faultIn(path, scene);
    userfault(path, scene, "0: no trap");
  }

  /** The bitmap cannot be read. */
  static void userfaultUnreadable(KernelPath path, Scene scene) {
    faultIn(path, scene);
    userfault(path, scene, "unreadable: KVM_RUN answers EFAULT without a memory fault");
  }

  /** Private and shared do not match. */
  static void attributeMismatch(KernelPath path, Scene scene) {
    path.into(
        KVM_MMU_PREPARE_MEMORY_FAULT_EXIT,
        "The access is private and the frame shared, or the other way: the VMM must convert.",
        "gpa",
        scene.gpa(),
        "attribute",
        scene.has(PageState.PRIVATE) ? "private" : "shared");
  }

  /** The slot's guest_memfd gives the page. */
  static void gmemDirect(KernelPath path, Scene scene) {
    faultIn(path, scene);
    path.into(
            KVM_MMU_FAULTIN_PFN_GMEM,
            "The slot belongs to a guest_memfd: the user mapping is not used.",
            "gfn",
            scene.gfn())
        .into(
            KVM_GMEM_GET_PFN,
            "Takes the folio from guest_memfd, a zeroed one where there was none: no userfaultfd"
                + " sees this.",
            "index",
            scene.page(),
            "cache",
            scene.cache())
        .differs(
            KernelVersion.V2,
            "No difference: full minor traps faults of the user mapping only. Stage 2 needs KVM"
                + " Userfault.")
        .differs(KernelVersion.SERIES_2026, "No difference: stage 2 does not go through the VMA.")
        .differs(
            KernelVersion.KVM_USERFAULT,
            "Is reached only where the page's bit is clear: so a guest_memfd slot can be paged on"
                + " demand.");
  }

  /** The user page table has the page already. */
  static void filled(KernelPath path, Scene scene) {
    faultIn(path, scene);
    path.into(
            __KVM_FAULTIN_PFN,
            "Turns the frame number into an address of the slot's user mapping.",
            "hva",
            scene.address())
        .into(
            HVA_TO_PFN,
            "The walk of the user page table finds the entry: no fault of the host.",
            "addr",
            scene.address(),
            "PTE",
            scene.pte());
  }

  /** get_user_pages() may not have the page. */
  static void refused(KernelPath path, Scene scene) {
    host(path, scene);
    path.backTo(GET_USER_PAGES_UNLOCKED);
    path.value("returns", "EFAULT: the page has no direct map")
        .differs(
            KernelVersion.MAINLINE,
            "Every page is in the direct map; removing it is a series that is not merged.");
  }

  /** No memory slot has the frame. */
  static void noSlot(KernelPath path, Scene scene) {
    path.into(
        KVM_HANDLE_NOSLOT_FAULT,
        "No memory slot has this frame: the access is MMIO and goes to the emulator.",
        "gpa",
        scene.gpa());
  }

  private static void userfault(KernelPath path, Scene scene, String bit) {
    path.into(
            KVM_DO_USERFAULT,
            "Reads the frame's bit of the slot's bitmap, which the VMM owns.",
            "gfn",
            scene.gfn(),
            "bit",
            bit)
        .differs(
            KernelVersion.MAINLINE,
            "There is no bitmap: the fault goes on to guest_memfd or to the user mapping.");
  }

  /** KVM fills its table. */
  static void map(KernelPath path, Scene scene) {
    path.backTo(KVM_TDP_PAGE_FAULT);
    path.into(
            KVM_TDP_MMU_MAP,
            "Writes the stage-2 entry: the guest's next access needs no exit.",
            "gfn",
            scene.gfn(),
            "stage 2",
            scene.stage2())
        .differs(
            KernelVersion.KVM_USERFAULT,
            "Maps single 4 KiB pages while the slot has a userfault bitmap.");
  }
}
