package dev.faultscope.linux.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * Files, memory mappings, polling and processes: asm-generic and linux headers. Values are those of
 * x86-64 and arm64 alike.
 */
public final class FileAbi {
  public static final int AT_FDCWD = -100;
  public static final int O_RDONLY = 0;
  public static final int O_RDWR = 2;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x80000;
  public static final int F_GETFL = 3;

  public static final int PROT_READ = 1;
  public static final int PROT_WRITE = 2;
  public static final int MAP_SHARED = 1;
  public static final int MAP_PRIVATE = 2;
  public static final int MAP_FIXED = 0x10;
  public static final int MAP_ANONYMOUS = 0x20;
  public static final int MAP_NORESERVE = 0x4000;
  public static final int MAP_HUGETLB = 0x40000;
  public static final int MREMAP_MAYMOVE = 1;
  public static final int MREMAP_FIXED = 2;

  public static final int MADV_DONTNEED = 4;
  public static final int MADV_FREE = 8;
  public static final int MADV_REMOVE = 9;
  public static final int MADV_HUGEPAGE = 14;
  public static final int MADV_NOHUGEPAGE = 15;
  public static final int MADV_POPULATE_READ = 22;
  public static final int MADV_POPULATE_WRITE = 23;
  public static final int MADV_COLLAPSE = 25;

  public static final int MFD_CLOEXEC = 1;
  public static final int MFD_HUGETLB = 4;

  public static final int FALLOC_FL_KEEP_SIZE = 1;
  public static final int FALLOC_FL_PUNCH_HOLE = 2;

  public static final int POLLIN = 1;
  public static final int POLLERR = 8;
  public static final int POLLHUP = 16;
  public static final int POLLNVAL = 32;

  public static final int EFD_CLOEXEC = 0x80000;
  public static final int EFD_NONBLOCK = 0x800;

  public static final int PR_SET_PDEATHSIG = 1;

  public static final long PAGEMAP_SCAN = 0xc0606610L;
  public static final long PAGE_IS_WPALLOWED = 1;
  public static final long PAGE_IS_WRITTEN = 1 << 1;
  public static final long PAGE_IS_FILE = 1 << 2;
  public static final long PAGE_IS_PRESENT = 1 << 3;
  public static final long PAGE_IS_SWAPPED = 1 << 4;
  public static final long PAGE_IS_PFNZERO = 1 << 5;
  public static final long PAGE_IS_HUGE = 1 << 6;
  public static final long PAGE_IS_SOFT_DIRTY = 1 << 7;

  public static final StructLayout pollfd =
      struct(
          "pollfd",
          JAVA_INT.withName("fd"),
          JAVA_SHORT.withName("events"),
          JAVA_SHORT.withName("revents"));

  public static final StructLayout timespec =
      struct("timespec", JAVA_LONG.withName("tv_sec"), JAVA_LONG.withName("tv_nsec"));

  public static final StructLayout iovec =
      struct("iovec", JAVA_LONG.withName("iov_base"), JAVA_LONG.withName("iov_len"));

  public static final StructLayout pm_scan_arg =
      struct(
          "pm_scan_arg",
          JAVA_LONG.withName("size"),
          JAVA_LONG.withName("flags"),
          JAVA_LONG.withName("start"),
          JAVA_LONG.withName("end"),
          JAVA_LONG.withName("walk_end"),
          JAVA_LONG.withName("vec"),
          JAVA_LONG.withName("vec_len"),
          JAVA_LONG.withName("max_pages"),
          JAVA_LONG.withName("category_inverted"),
          JAVA_LONG.withName("category_mask"),
          JAVA_LONG.withName("category_anyof_mask"),
          JAVA_LONG.withName("return_mask"));

  public static final StructLayout page_region =
      struct(
          "page_region",
          JAVA_LONG.withName("start"),
          JAVA_LONG.withName("end"),
          JAVA_LONG.withName("categories"));

  public static final int RWF_NOWAIT = 8;

  public static final int FSOPEN_CLOEXEC = 1;
  public static final int FSCONFIG_CMD_CREATE = 6;
  public static final int FSMOUNT_CLOEXEC = 1;

  private FileAbi() {}

  private static StructLayout struct(String name, MemoryLayout... elements) {
    return MemoryLayout.structLayout(elements).withName(name);
  }
}
