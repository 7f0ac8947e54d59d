package dev.faultscope.session.kernelview;

import static dev.faultscope.session.kernelview.KernelFunction.*;

/** write(2) on a file whose pages are mapped. */
final class WriteFrames {
  private WriteFrames() {}

  /** Goes from the system call to where the bytes are copied into the page cache. */
  static void call(KernelPath path, Scene scene) {
    path.into(DO_SYSCALL_64, "A thread calls write(2) on the file.", "task", scene.who())
        .into(KSYS_WRITE, "Takes the file's position.", "page", scene.page())
        .into(
            VFS_WRITE,
            "Calls the write function of the file's type. No userfaultfd asks who writes.",
            "file",
            scene.backing().text());
    switch (scene.backing()) {
      case MEMFD, MEMFD_PRIVATE ->
          copy(path.into(SHMEM_FILE_WRITE_ITER, "memfd and tmpfs.", "page", scene.page()), scene);
      case FILE ->
          copy(path.into(GENERIC_FILE_WRITE_ITER, "Ordinary files.", "page", scene.page()), scene);
      case GUEST_MEMFD ->
          path.value("by", "a write(2) series for guest_memfd, not merged: 6.18 answers EINVAL");
      case ANON, HUGETLB, UNKNOWN -> {
        // No way in is known.
      }
    }
  }

  private static void copy(KernelPath path, Scene scene) {
    path.into(
        GENERIC_PERFORM_WRITE,
        "Page by page: finds or adds the folio, then copies the bytes. Between the two the page is"
            + " in the cache without them.",
        "page",
        scene.page());
  }

  /** Goes on to where an absent page enters the cache. */
  static void enterCache(KernelPath path, Scene scene) {
    if (path.goesThrough(SHMEM_FILE_WRITE_ITER)) {
      path.into(SHMEM_WRITE_BEGIN, "Adds a folio where there was none.", "cache", scene.cache());
    } else {
      path.value("cache", scene.cache());
    }
  }
}
