package dev.faultscope.session.kernelview;

import static dev.faultscope.session.kernelview.KernelFunction.*;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Errno;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.UffdIoctl;
import org.jspecify.annotations.Nullable;

/** A userfaultfd's ioctls, from the handler's system call to the page-table entry. */
final class IoctlFrames {
  private IoctlFrames() {}

  /** Goes into the ioctl, as far as its own function. */
  static void enter(KernelPath path, UffdIoctl ioctl, Scene scene) {
    path.into(DO_SYSCALL_64, "The handler calls ioctl(2) on the userfaultfd.", "task", scene.who())
        .into(
            USERFAULTFD_IOCTL,
            "Chooses by the request's number; before UFFDIO_API only that one is answered.",
            "cmd",
            "UFFDIO_" + ioctl.name(),
            "request",
            ioctl.command() == 0 ? "not known" : Scene.hex(ioctl.command()));
    KernelFunction own = functionOf(ioctl);
    if (own == null) {
      return;
    }
    if (ioctl == UffdIoctl.API) {
      path.into(own, ioctl.sentence(), "api", "0xaa");
    } else {
      path.into(own, ioctl.sentence(), "range", scene.range());
      if (ioctl.fills()) {
        path.value("wakes", scene.event().is(EventFlags.DONTWAKE) ? "no: DONTWAKE" : "yes");
      }
    }
  }

  /** Each has a function of its own, named after it. */
  private static @Nullable KernelFunction functionOf(UffdIoctl ioctl) {
    return ioctl == UffdIoctl.UNKNOWN ? null : KernelFunction.valueOf("USERFAULTFD_" + ioctl);
  }

  /** Goes on to where the entry of a page is written. */
  static void install(KernelPath path, UffdIoctl ioctl, Scene scene) {
    switch (ioctl) {
      case COPY, ZEROPAGE, CONTINUE, POISON -> fill(path, ioctl, scene);
      case MOVE ->
          path.into(MOVE_PAGES, "Finds both VMAs and walks them together.", "dst", scene.range())
              .into(
                  MOVE_PAGES_PTES,
                  "Takes the entry there and puts it here.",
                  "dst",
                  scene.address(),
                  "PTE",
                  scene.pte());
      case WRITEPROTECT ->
          path.into(MWRITEPROTECT_RANGE, "Needs VM_UFFD_WP on every VMA.", "range", scene.range())
              .into(
                  UFFD_WP_RANGE,
                  "Changes the entries.",
                  "range",
                  scene.range(),
                  "PTE",
                  scene.pte());
      case REGISTER -> register(path, scene);
      case UNREGISTER ->
          path.into(
              USERFAULTFD_CLEAR_VMA,
              "Clears uffd-wp, the modes and the context.",
              "vma",
              scene.vma());
      case API, WAKE, UNKNOWN -> {
        // They write no entry.
      }
    }
  }

  /** REGISTER: whether this memory can have a userfaultfd, and then the VMAs. */
  static void register(KernelPath path, Scene scene) {
    mayRegister(path, scene);
    path.backTo(USERFAULTFD_REGISTER);
    path.into(
        USERFAULTFD_REGISTER_RANGE, "Splits and merges VMAs by the range.", "vma", scene.vma());
  }

  private static void mayRegister(KernelPath path, Scene scene) {
    path.into(
            VMA_CAN_USERFAULT,
            "Whether this type of memory can be trapped in these modes.",
            "vma",
            scene.vma())
        .differs(
            KernelVersion.MAINLINE,
            "A fixed list: anonymous, shmem, hugetlb. guest_memfd is EINVAL.")
        .differs(KernelVersion.V1, "Lets guest_memfd register MISSING.")
        .differs(
            KernelVersion.V2,
            "Lets guest_memfd register MINOR; core mm asks kvm_gmem_vma_is_gmem() to recognise it.")
        .differs(KernelVersion.V3, "Asks vm_ops->can_userfault() instead of naming guest_memfd.")
        .differs(
            KernelVersion.SERIES_2026,
            "Asks vm_uffd_ops->can_userfault(); guest_memfd takes MISSING and MINOR where it was"
                + " made with INIT_SHARED.");
  }

  private static void fill(KernelPath path, UffdIoctl ioctl, Scene scene) {
    mfill(path, ioctl, scene);
    if (scene.backing() == Backing.HUGETLB) {
      path.into(MFILL_ATOMIC_HUGETLB, "Whole huge pages only.", "dst", scene.range());
      if (ioctl != UffdIoctl.POISON) {
        path.into(HUGETLB_MFILL_ATOMIC_PTE, "Writes the huge entry.", "PTE", scene.pte());
        return;
      }
    }
    page(path, ioctl, scene);
    if (ioctl == UffdIoctl.COPY
        || ioctl == UffdIoctl.CONTINUE
        || installsShmemZeros(ioctl, scene)) {
      path.into(
          MFILL_ATOMIC_INSTALL_PTE,
          "Writes the entry, unless one is there: then EEXIST, and nobody is woken.",
          "dst_addr",
          scene.address(),
          "PTE",
          scene.pte());
    }
  }

  private static boolean installsShmemZeros(UffdIoctl ioctl, Scene scene) {
    return ioctl == UffdIoctl.ZEROPAGE && scene.backing() == Backing.MEMFD;
  }

  private static void mfill(KernelPath path, UffdIoctl ioctl, Scene scene) {
    path.into(
        MFILL_ATOMIC,
        "Finds the VMA, then works page by page and stops at the first that fails.",
        "len",
        scene.pages(),
        "op",
        "MFILL_ATOMIC_" + ioctl.name());
  }

  private static void page(KernelPath path, UffdIoctl ioctl, Scene scene) {
    boolean sharedShmem =
        scene.backing() == Backing.MEMFD && !path.rules().is(KernelVersion.SERIES_2026);
    switch (ioctl) {
      case CONTINUE -> lookUp(path, scene);
      case POISON ->
          path.into(
              MFILL_ATOMIC_PTE_POISON,
              "Writes a poison marker into an empty entry.",
              "dst_addr",
              scene.address(),
              "PTE",
              scene.pte());
      case COPY, ZEROPAGE -> {
        if (sharedShmem) {
          path.into(
              SHMEM_MFILL_ATOMIC_PTE,
              "Makes a folio, fills it and puts it into the page cache.",
              "page",
              scene.page(),
              "cache",
              scene.cache());
        } else {
          path.into(
              ioctl == UffdIoctl.COPY ? MFILL_ATOMIC_PTE_COPY : MFILL_ATOMIC_PTE_ZEROPAGE,
              ioctl == UffdIoctl.COPY
                  ? "Makes a folio and copies the handler's bytes into it."
                  : "Maps the shared zero page.",
              "dst_addr",
              scene.address());
        }
        path.differs(
            KernelVersion.SERIES_2026,
            "One function for every type: vm_uffd_ops->alloc_folio() and ->filemap_add() make it"
                + " work for guest_memfd as well.");
      }
      case API, REGISTER, UNREGISTER, WAKE, MOVE, WRITEPROTECT, UNKNOWN -> {
        // They fill no page.
      }
    }
  }

  private static void lookUp(KernelPath path, Scene scene) {
    boolean generic =
        path.rules().is(KernelVersion.V2)
            && (path.rules().genericContinue() || scene.backing() == Backing.GUEST_MEMFD);
    path.into(
        MFILL_ATOMIC_PTE_CONTINUE,
        generic
            ? "Asks the memory's own fault handler for the page: one that is not there is made, of"
                + " zeros."
            : "Takes the page from the cache without allocating: none there is EFAULT.",
        "page",
        scene.page(),
        "cache",
        scene.cache());
    path.differs(KernelVersion.V1, "Asks guest_memfd by a function of its own; shmem as in 6.18.")
        .differs(
            KernelVersion.V3,
            "Calls vm_ops->fault() with FAULT_FLAG_USERFAULT_CONTINUE: shmem looks up without"
                + " allocating, so EFAULT is back; guest_memfd still allocates.")
        .differs(
            KernelVersion.SERIES_2026,
            "Asks vm_uffd_ops->get_folio_noalloc(): EFAULT where the page is not there, for"
                + " guest_memfd as well.");
    if (generic) {
      path.differs(
          KernelVersion.MAINLINE, "Looks into the page cache itself: a page not there is EFAULT.");
    } else if (!path.rules().is(KernelVersion.V2)) {
      path.differs(
          KernelVersion.V2,
          "Calls vm_ops->fault() with FAULT_FLAG_NO_USERFAULT_MINOR for all but hugetlb. That one"
              + " allocates: on shmem too a page that is not there becomes zeros, where 6.18"
              + " answers EFAULT.");
    }
  }

  /** Goes to where the ioctl's error comes from, as far as the number says. */
  static void failed(KernelPath path, UffdIoctl ioctl, int errno, Scene scene) {
    if (ioctl == UffdIoctl.REGISTER && errno == Errno.EINVAL.number()) {
      mayRegister(path, scene);
    } else if (ioctl.fills() && ioctl != UffdIoctl.MOVE) {
      failedFill(path, ioctl, errno, scene);
    }
    path.value("returns", Errno.nameOf(errno)).value("why", why(ioctl, errno));
  }

  private static void failedFill(KernelPath path, UffdIoctl ioctl, int errno, Scene scene) {
    if (errno == Errno.EEXIST.number()) {
      fill(path, ioctl, scene);
    } else if (errno == Errno.EFAULT.number()) {
      mfill(path, ioctl, scene);
      page(path, ioctl, scene);
    } else if (errno == Errno.ENOENT.number()) {
      mfill(path, ioctl, scene);
    }
  }

  private static String why(UffdIoctl ioctl, int errno) {
    if (errno == Errno.EEXIST.number()) {
      return "the entry, or for a COPY the cache, has a page already; nobody is woken";
    }
    if (errno == Errno.EAGAIN.number()) {
      return "an event is unread (mmap_changing), or some pages were done and one failed: the"
          + " result field says which";
    }
    if (errno == Errno.ENOENT.number()) {
      return ioctl == UffdIoctl.MOVE
          ? "nothing to move at the source"
          : "the range is not inside one VMA of this userfaultfd";
    }
    if (errno == Errno.EFAULT.number()) {
      return ioctl == UffdIoctl.CONTINUE
          ? "the page is not in the cache"
          : "the source cannot be read, or the page lies beyond the end of the file";
    }
    if (errno == Errno.EINVAL.number()) {
      return "an argument, a mode bit or the type of memory is not accepted";
    }
    if (errno == Errno.EBUSY.number()) {
      return "another userfaultfd has the range, or the page is pinned";
    }
    if (errno == Errno.ESRCH.number()) {
      return "the process is gone";
    }
    return "the recording says no more than the number";
  }
}
