package dev.faultscope.session.kernelview;

import static dev.faultscope.session.kernelview.KernelFunction.*;

import dev.faultscope.model.Backing;
import dev.faultscope.model.DecideReason;

/** From handle_mm_fault() to the function that decides what an access becomes. */
final class DecisionFrames {
  private DecisionFrames() {}

  /** Goes on to the function where the kernel decided so. */
  static void decide(KernelPath path, DecideReason reason, Scene scene) {
    switch (reason) {
      case CACHED_MINOR -> lookUp(path, scene, "finds the page: a minor fault", "VM_UFFD_MINOR");
      case ABSENT_MISSING ->
          lookUp(path, scene, "finds no page: a missing fault", "VM_UFFD_MISSING");
      case GMEM_FULL_MINOR -> fullMinor(path, scene);
      case CACHED_MAPPED ->
          lookUp(path, scene, "finds the page and gives it", "no trap: no VM_UFFD_MINOR");
      case ABSENT_ZEROED -> zeroed(path, scene);
      case ANON_MISSING -> anonymous(path, scene, "calls handle_userfault(VM_UFFD_MISSING)");
      case WRITE_PROTECTED -> writeProtected(path, scene, "calls handle_userfault(VM_UFFD_WP)");
      case WP_ASYNC ->
          writeProtected(path, scene, "clears the bit itself: the userfaultfd is WP_ASYNC");
      case COPY_ON_WRITE -> copyOnWrite(path, scene);
      case POISONED -> poisoned(path, scene);
      case BEYOND_EOF ->
          lookUp(path, scene, "is asked beyond the end of the file", "VM_FAULT_SIGBUS");
      case GMEM_PRIVATE -> gmem(path, scene, "the page is private to the guest: VM_FAULT_SIGBUS");
      case OUTSIDE -> outside(path, scene);
      case ANSWERED, NOT_ANSWERED, UNKNOWN -> path.value("decided", reason.text());
      case MAPPED_FIRST, MAPPED_AGAIN, MADE_WRITABLE -> StageTwoFrames.map(path, scene);
      case FAST_FIXED, RETRIED, SPURIOUS, EMULATED, ASYNC -> path.value("decided", reason.text());
      case NO_RETRY -> refused(path, scene, "FAULT_FLAG_ALLOW_RETRY is not set");
      case SIGBUS_FEATURE -> refused(path, scene, "UFFD_FEATURE_SIGBUS");
      case USER_MODE_ONLY -> refused(path, scene, "UFFD_USER_MODE_ONLY and not FAULT_FLAG_USER");
      case ALREADY_QUEUED -> {
        trapped(path, scene);
        path.into(
            HANDLE_USERFAULT,
            "The thread already waits for this page: the same stall goes on.",
            "address",
            scene.address());
      }
      case USERFAULT_BIT -> StageTwoFrames.userfaultBit(path, scene);
      case USERFAULT_UNREADABLE -> StageTwoFrames.userfaultUnreadable(path, scene);
      case ATTRIBUTE_MISMATCH -> StageTwoFrames.attributeMismatch(path, scene);
      case USERFAULT_CLEAR -> StageTwoFrames.userfaultClear(path, scene);
      case GMEM_DIRECT, GMEM_ZEROED -> StageTwoFrames.gmemDirect(path, scene);
      case STAGE2_FILLED, STAGE2_UPGRADE -> StageTwoFrames.filled(path, scene);
      case STAGE2_GUP -> StageTwoFrames.host(path, scene);
      case GUP_REFUSED -> StageTwoFrames.refused(path, scene);
      case NO_SLOT -> StageTwoFrames.noSlot(path, scene);
      case KVM_USER_MAPPING -> path.value("stage 2", "not asked");
      case NO_DIRECT_MAP ->
          path.value("direct map", "removed: the copy goes through the user mapping");
      case PRESENT, STAGE2_MAPPED, USERFAULT_UNSEEN ->
          path.into(
              HANDLE_PTE_FAULT,
              "The entry is there now: the fault ends and the instruction runs again.",
              "PTE",
              scene.pte());
    }
  }

  /** The trap that a message's flags tell of, where no decision was recorded. */
  static DecideReason ofMessage(boolean minor, boolean wp, Backing backing) {
    if (wp) {
      return DecideReason.WRITE_PROTECTED;
    }
    if (minor) {
      return DecideReason.CACHED_MINOR;
    }
    return backing == Backing.ANON ? DecideReason.ANON_MISSING : DecideReason.ABSENT_MISSING;
  }

  private static void pteLevel(KernelPath path, Scene scene) {
    path.into(
        HANDLE_PTE_FAULT,
        "Reads the page-table entry and chooses by what stands there.",
        "PTE",
        scene.pte());
  }

  /** Down to vm_ops->fault() of memory that a file backs. */
  private static void doFault(KernelPath path, Scene scene) {
    pteLevel(path, scene);
    path.into(
            DO_PTE_MISSING,
            "No entry: chooses between anonymous memory and a file.",
            "PTE",
            scene.pte())
        .into(
            DO_FAULT,
            "File memory: a read, a private write or a shared write.",
            "page",
            scene.page());
    if (!scene.isWrite()) {
      path.into(DO_READ_FAULT, "Fault-around is off where MINOR or WP is armed.", "write", "no");
    } else if (scene.backing() == Backing.MEMFD_PRIVATE) {
      path.into(DO_COW_FAULT, "A private write gets a copy of the page.", "write", "yes");
    } else {
      path.into(DO_SHARED_FAULT, "A shared write gets the page itself.", "write", "yes");
    }
    path.into(
            __DO_FAULT, "Calls the fault handler of the memory's type.", "vm_ops", handlerOf(scene))
        .differs(
            KernelVersion.SERIES_2026,
            "Calls __do_userfault() before the handler: one trap for every type that has"
                + " vm_uffd_ops, in mainline from about 7.1.");
  }

  private static String handlerOf(Scene scene) {
    return switch (scene.backing()) {
      case MEMFD, MEMFD_PRIVATE -> "shmem_fault";
      case GUEST_MEMFD -> "kvm_gmem_fault_user_mapping";
      case HUGETLB -> "hugetlb_vm_op_fault";
      case FILE -> "filemap_fault";
      case ANON, UNKNOWN -> "not recorded";
    };
  }

  private static void lookUp(KernelPath path, Scene scene, String finds, String then) {
    switch (scene.backing()) {
      case HUGETLB -> hugetlb(path, scene, finds, then);
      case GUEST_MEMFD -> genericTrap(path, scene, finds, then);
      case FILE -> {
        doFault(path, scene);
        path.into(
            FILEMAP_FAULT, "The page cache " + finds + ".", "page", scene.page(), "then", then);
      }
      case MEMFD, MEMFD_PRIVATE, ANON, UNKNOWN -> shmem(path, scene, finds, then);
    }
  }

  private static void shmem(KernelPath path, Scene scene, String finds, String then) {
    doFault(path, scene);
    if (path.rules().is(KernelVersion.SERIES_2026) && traps(then)) {
      path.into(
              __DO_USERFAULT,
              "The look-up " + finds + ": asked for every type of memory, before its handler.",
              "page",
              scene.page(),
              "cache",
              scene.cache(),
              "then",
              then)
          .differs(
              KernelVersion.MAINLINE, "The trap is in shmem_get_folio_gfp(), which may allocate.");
      return;
    }
    path.into(SHMEM_FAULT, "The fault handler of memfd and tmpfs.", "page", scene.page())
        .into(
            SHMEM_GET_FOLIO_GFP,
            "The look-up " + finds + ".",
            "index",
            scene.page(),
            "cache",
            scene.cache(),
            "then",
            then)
        .differs(
            KernelVersion.V2,
            "Does not trap where the fault carries FAULT_FLAG_NO_USERFAULT_MINOR, which is how"
                + " UFFDIO_CONTINUE calls shmem_fault() without meeting its own trap.")
        .differs(
            KernelVersion.V3,
            "The flag is called FAULT_FLAG_USERFAULT_CONTINUE, and with it the look-up never"
                + " allocates.")
        .differs(
            KernelVersion.SERIES_2026,
            "The trap left shmem: __do_userfault() has asked shmem_get_folio_noalloc() already.");
  }

  private static void hugetlb(KernelPath path, Scene scene, String finds, String then) {
    path.into(
            HUGETLB_FAULT,
            "The fault handler of huge pages, under a mutex of the page.",
            "address",
            scene.address())
        .into(
            HUGETLB_NO_PAGE,
            "The look-up " + finds + ".",
            "page",
            scene.page(),
            "cache",
            scene.cache(),
            "then",
            then);
  }

  private static void genericTrap(KernelPath path, Scene scene, String finds, String then) {
    doFault(path, scene);
    path.into(
            traps(then) ? gmemTrap(path.rules()) : KVM_GMEM_FAULT_USER_MAPPING,
            "The look-up in guest_memfd " + finds + ".",
            "page",
            scene.page(),
            "cache",
            scene.cache(),
            "then",
            then)
        .differs(
            KernelVersion.MAINLINE,
            "REGISTER of guest_memfd answers EINVAL: kvm_gmem_fault_user_mapping() gives the page,"
                + " a zeroed one where there was none, and nobody is asked.")
        .differs(
            KernelVersion.V1,
            "kvm_gmem_fault() traps a page that is not in the cache. One that is there is mapped at"
                + " once, also while write() is still filling it: a second thread reads half a"
                + " page.")
        .differs(
            KernelVersion.V2,
            "Where MINOR is armed, traps always: the folio is allocated and zeroed first, then the"
                + " fault is minor, whether the page was there or not.")
        .differs(
            KernelVersion.V3,
            "As v2; the flag that keeps CONTINUE from trapping has another name.");
  }

  private static boolean traps(String then) {
    return then.startsWith("VM_UFFD");
  }

  /** The first series trap in guest_memfd's own handler, the newest before any. */
  private static KernelFunction gmemTrap(KernelRules rules) {
    return rules.is(KernelVersion.V1) || rules.is(KernelVersion.V2) || rules.is(KernelVersion.V3)
        ? KVM_GMEM_FAULT
        : __DO_USERFAULT;
  }

  private static void fullMinor(KernelPath path, Scene scene) {
    doFault(path, scene);
    path.into(
            KVM_GMEM_FAULT,
            "Takes the folio, a new one zeroed and marked prepared, and calls"
                + " handle_userfault(VM_UFFD_MINOR) instead of giving it.",
            "page",
            scene.page(),
            "cache",
            scene.cache(),
            "then",
            "VM_UFFD_MINOR")
        .differs(
            KernelVersion.MAINLINE,
            "kvm_gmem_fault_user_mapping() has no trap: the page is mapped, and REGISTER answers"
                + " EINVAL.")
        .differs(
            KernelVersion.V1,
            "Would be a missing fault where the page is not in the cache, and no fault where it"
                + " is.")
        .differs(
            KernelVersion.V3,
            "The same, unless the fault carries FAULT_FLAG_USERFAULT_CONTINUE (v2:"
                + " FAULT_FLAG_NO_USERFAULT_MINOR).")
        .differs(
            KernelVersion.SERIES_2026,
            "__do_userfault() looks up without allocating: a page in the cache is minor, one that"
                + " is not is missing.");
  }

  private static void gmem(KernelPath path, Scene scene, String then) {
    doFault(path, scene);
    path.into(
        KVM_GMEM_FAULT_USER_MAPPING,
        "The host may map only what is shared.",
        "page",
        scene.page(),
        "then",
        then);
  }

  private static void zeroed(KernelPath path, Scene scene) {
    if (scene.backing() == Backing.ANON) {
      anonymous(path, scene, "maps zeros: no VM_UFFD_MISSING");
    } else {
      lookUp(path, scene, "finds none and adds a zeroed page", "no trap: no VM_UFFD_MISSING");
    }
  }

  private static void anonymous(KernelPath path, Scene scene, String then) {
    pteLevel(path, scene);
    path.into(
            DO_PTE_MISSING,
            "No entry: chooses between anonymous memory and a file.",
            "PTE",
            scene.pte())
        .into(
            DO_ANONYMOUS_PAGE,
            "Anonymous memory has no cache to look in: nothing there is always missing.",
            "address",
            scene.address(),
            "then",
            then);
  }

  private static void writeProtected(KernelPath path, Scene scene, String then) {
    if (scene.backing() == Backing.HUGETLB) {
      path.into(
          HUGETLB_FAULT,
          "A write to an entry that carries uffd-wp.",
          "PTE",
          scene.pte(),
          "then",
          then);
      return;
    }
    pteLevel(path, scene);
    path.into(
        DO_WP_PAGE, "A write to an entry that carries uffd-wp.", "PTE", scene.pte(), "then", then);
  }

  private static void copyOnWrite(KernelPath path, Scene scene) {
    if (scene.backing() == Backing.HUGETLB) {
      path.into(HUGETLB_FAULT, "A write to a read-only entry.", "PTE", scene.pte())
          .into(HUGETLB_WP, "Copies the huge page.", "page", scene.page());
      return;
    }
    pteLevel(path, scene);
    path.into(DO_WP_PAGE, "A write to a read-only entry of a private mapping.", "PTE", scene.pte())
        .into(WP_PAGE_COPY, "Copies the page and maps the copy: no message.", "page", scene.page());
  }

  private static void poisoned(KernelPath path, Scene scene) {
    if (scene.backing() == Backing.HUGETLB) {
      path.into(
          HUGETLB_FAULT,
          "Finds the poison marker.",
          "PTE",
          scene.pte(),
          "then",
          "VM_FAULT_HWPOISON_LARGE");
      return;
    }
    pteLevel(path, scene);
    path.into(DO_SWAP_PAGE, "The entry is not empty and not present.", "PTE", scene.pte())
        .into(
            HANDLE_PTE_MARKER,
            "A poison marker: the access gets SIGBUS, a system call EFAULT.",
            "marker",
            "PTE_MARKER_POISONED",
            "then",
            "VM_FAULT_HWPOISON");
  }

  private static void outside(KernelPath path, Scene scene) {
    if (path.goesThrough(DO_USER_ADDR_FAULT)) {
      path.backTo(DO_USER_ADDR_FAULT);
      path.into(
          BAD_AREA_NOSEMAPHORE,
          "No VMA allows this access, or the recording knows no region here.",
          "address",
          scene.address());
    } else {
      path.value("vma", "outside every known region");
    }
  }

  /** Down to the function that would trap; the message's kind is not known here. */
  private static void trapped(KernelPath path, Scene scene) {
    if (scene.backing() == Backing.ANON) {
      anonymous(path, scene, "calls handle_userfault()");
    } else {
      lookUp(path, scene, "ends at the userfaultfd's trap", "handle_userfault()");
    }
  }

  private static void refused(KernelPath path, Scene scene, String why) {
    trapped(path, scene);
    path.into(
        HANDLE_USERFAULT,
        "Refuses before it queues a message.",
        "because",
        why,
        "then",
        "VM_FAULT_SIGBUS");
  }
}
