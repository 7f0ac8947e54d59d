package dev.faultscope.session.kernelview;

import static dev.faultscope.session.kernelview.KernelFunction.*;

import dev.faultscope.model.Backing;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;

/** Pages that go away, and what else the kernel does beside faults. */
final class GoneFrames {
  private GoneFrames() {}

  /** Pages are taken away. */
  static void hole(KernelPath path, HoleKind kind, Scene scene) {
    path.into(
        DO_SYSCALL_64, "A system call takes pages away: " + kind.text() + ".", "task", scene.who());
    switch (kind) {
      case PUNCH_HOLE, TRUNCATE -> punch(path, scene);
      case DONTNEED -> {
        madvise(path, scene);
        path.into(
            ZAP_PAGE_RANGE_SINGLE_BATCHED,
            "Clears the entries; the cache keeps a file's pages, so the next touch may be minor.",
            "range",
            scene.range(),
            "cache",
            scene.cache());
      }
      case FREE -> {
        madvise(path, scene);
        path.into(MADVISE_FREE_SINGLE_VMA, "Marks the pages to be freed.", "range", scene.range());
      }
      case REMOVE -> {
        path.into(DO_MADVISE, "madvise(2) on the range.", "advice", "MADV_REMOVE")
            .into(
                MADVISE_REMOVE,
                "Tells the userfaultfd, then punches a hole into the file.",
                "range",
                scene.range());
        punch(path, scene);
      }
      case UNMAP ->
          path.into(DO_VMI_MUNMAP, "munmap(2), or a mapping over this one.", "range", scene.range())
              .into(UNMAP_REGION, "Clears the entries and frees the tables.", "PTE", scene.pte());
      case CONVERT ->
          path.into(
                  KVM_VM_IOCTL_SET_MEM_ATTRIBUTES,
                  "Private becomes shared or the other way; mappings of the old kind go.",
                  "range",
                  scene.range())
              .differs(
                  KernelVersion.MAINLINE,
                  "Attributes belong to the VM. The in-place series, not merged, moves them into"
                      + " the guest_memfd and converts pages where they are.");
      case UNKNOWN -> path.value("range", scene.range());
    }
  }

  private static void madvise(KernelPath path, Scene scene) {
    path.into(DO_MADVISE, "madvise(2) on the range.", "range", scene.range())
        .into(
            MADVISE_DONTNEED_FREE,
            "Tells the userfaultfd first, where it asked for EVENT_REMOVE.",
            "vma",
            scene.vma());
  }

  private static void punch(KernelPath path, Scene scene) {
    path.into(
        VFS_FALLOCATE,
        "Calls the file system of the memory's type. No userfaultfd event ever comes of it.",
        "mode",
        "FALLOC_FL_PUNCH_HOLE");
    switch (scene.backing()) {
      case GUEST_MEMFD ->
          path.into(KVM_GMEM_FALLOCATE, "guest_memfd, whole pages only.", "range", scene.range())
              .into(
                  KVM_GMEM_PUNCH_HOLE,
                  "Zaps stage 2 of every slot bound to it, then the user mappings.",
                  "range",
                  scene.range())
              .differs(
                  KernelVersion.V2,
                  "The next touch by the host is minor, with a fresh zeroed page behind it.")
              .differs(KernelVersion.V1, "The next touch by the host is missing.")
              .differs(
                  KernelVersion.SERIES_2026,
                  "The next touch by the host is missing where MISSING is armed; else it gets zeros"
                      + " and nobody is asked.")
              .into(TRUNCATE_INODE_PAGES_RANGE, "Frees the folios.", "cache", scene.cache());
      case HUGETLB ->
          path.into(HUGETLBFS_FALLOCATE, "Whole huge pages only.", "range", scene.range());
      case MEMFD, MEMFD_PRIVATE, ANON, FILE, UNKNOWN ->
          path.into(SHMEM_FALLOCATE, "memfd and tmpfs.", "range", scene.range())
              .into(
                  UNMAP_MAPPING_RANGE, "Clears the entries of every mapping.", "PTE", scene.pte());
    }
    if (scene.backing() == Backing.MEMFD || scene.backing() == Backing.MEMFD_PRIVATE) {
      path.backTo(SHMEM_FALLOCATE);
      path.into(
          SHMEM_UNDO_RANGE, "Frees the folios: the next touch is missing.", "cache", scene.cache());
    }
  }

  /** A kernel event that is no fault. */
  static void kernel(KernelPath path, KernelEventKind kind, Scene scene) {
    switch (kind) {
      case SCHED_IN, SCHED_OUT_SLEEP, SCHED_OUT_PREEMPTED ->
          path.into(
              __SCHEDULE,
              "The scheduler changes who runs.",
              "task",
              scene.who(),
              "what",
              kind.text());
      case UFFD_FORK ->
          UserfaultFrames.readEvent(path, scene, "UFFD_EVENT_FORK", DUP_MMAP, DUP_USERFAULTFD);
      case UFFD_REMAP ->
          UserfaultFrames.readEvent(
              path, scene, "UFFD_EVENT_REMAP", MOVE_VMA, MREMAP_USERFAULTFD_COMPLETE);
      case UFFD_REMOVE ->
          UserfaultFrames.readEvent(
              path, scene, "UFFD_EVENT_REMOVE", DO_MADVISE, USERFAULTFD_REMOVE);
      case UFFD_UNMAP ->
          UserfaultFrames.readEvent(
              path, scene, "UFFD_EVENT_UNMAP", DO_VMI_MUNMAP, USERFAULTFD_UNMAP_COMPLETE);
      case SIGNAL -> UserfaultFrames.signal(path, scene);
      case UFFD_CLOSE ->
          path.into(
              USERFAULTFD_RELEASE,
              "The last descriptor is closed: every VMA loses the userfaultfd and everybody wakes.",
              "task",
              scene.who());
      case PAGE_TABLE_WALK -> {
        AccessFrames.run(path, scene);
        path.into(
            PAGING64_GVA_TO_GPA,
            "KVM walks the guest's page tables itself, through the user mapping.",
            "gfn",
            scene.gfn());
      }
      case THREAD_EXIT ->
          path.into(
              DO_EXIT,
              "The thread ends. The userfaultfd stays while anybody holds a descriptor of it:"
                  + " whoever waits at it waits on.",
              "task",
              scene.who());
      case FILE_WRITE -> WriteFrames.call(path, scene);
      case UNKNOWN -> {
        // Nothing is known of the way.
      }
    }
  }
}
