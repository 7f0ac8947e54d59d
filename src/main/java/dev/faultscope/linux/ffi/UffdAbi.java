package dev.faultscope.linux.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** include/uapi/linux/userfaultfd.h. */
public final class UffdAbi {
  public static final long UFFD_API = 0xAA;
  public static final long USERFAULTFD_IOC_NEW = 0xaa00;
  public static final long UFFD_USER_MODE_ONLY = 1;

  public static final long UFFDIO_API = 0xc018aa3fL;
  public static final long UFFDIO_REGISTER = 0xc020aa00L;
  public static final long UFFDIO_UNREGISTER = 0x8010aa01L;
  public static final long UFFDIO_WAKE = 0x8010aa02L;
  public static final long UFFDIO_COPY = 0xc028aa03L;
  public static final long UFFDIO_ZEROPAGE = 0xc020aa04L;
  public static final long UFFDIO_MOVE = 0xc028aa05L;
  public static final long UFFDIO_WRITEPROTECT = 0xc018aa06L;
  public static final long UFFDIO_CONTINUE = 0xc020aa07L;
  public static final long UFFDIO_POISON = 0xc020aa08L;

  public static final long UFFDIO_REGISTER_MODE_MISSING = 1;
  public static final long UFFDIO_REGISTER_MODE_WP = 2;
  public static final long UFFDIO_REGISTER_MODE_MINOR = 4;

  public static final long UFFDIO_COPY_MODE_DONTWAKE = 1;
  public static final long UFFDIO_COPY_MODE_WP = 2;
  public static final long UFFDIO_ZEROPAGE_MODE_DONTWAKE = 1;
  public static final long UFFDIO_CONTINUE_MODE_DONTWAKE = 1;
  public static final long UFFDIO_CONTINUE_MODE_WP = 2;
  public static final long UFFDIO_POISON_MODE_DONTWAKE = 1;
  public static final long UFFDIO_MOVE_MODE_DONTWAKE = 1;
  public static final long UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES = 2;
  public static final long UFFDIO_WRITEPROTECT_MODE_WP = 1;
  public static final long UFFDIO_WRITEPROTECT_MODE_DONTWAKE = 2;

  public static final int UFFD_EVENT_PAGEFAULT = 0x12;
  public static final int UFFD_EVENT_FORK = 0x13;
  public static final int UFFD_EVENT_REMAP = 0x14;
  public static final int UFFD_EVENT_REMOVE = 0x15;
  public static final int UFFD_EVENT_UNMAP = 0x16;

  public static final long UFFD_PAGEFAULT_FLAG_WRITE = 1;
  public static final long UFFD_PAGEFAULT_FLAG_WP = 2;
  public static final long UFFD_PAGEFAULT_FLAG_MINOR = 4;

  public static final long UFFD_FEATURE_PAGEFAULT_FLAG_WP = 1;
  public static final long UFFD_FEATURE_EVENT_FORK = 1 << 1;
  public static final long UFFD_FEATURE_EVENT_REMAP = 1 << 2;
  public static final long UFFD_FEATURE_EVENT_REMOVE = 1 << 3;
  public static final long UFFD_FEATURE_MISSING_HUGETLBFS = 1 << 4;
  public static final long UFFD_FEATURE_MISSING_SHMEM = 1 << 5;
  public static final long UFFD_FEATURE_EVENT_UNMAP = 1 << 6;
  public static final long UFFD_FEATURE_SIGBUS = 1 << 7;
  public static final long UFFD_FEATURE_THREAD_ID = 1 << 8;
  public static final long UFFD_FEATURE_MINOR_HUGETLBFS = 1 << 9;
  public static final long UFFD_FEATURE_MINOR_SHMEM = 1 << 10;
  public static final long UFFD_FEATURE_EXACT_ADDRESS = 1 << 11;
  public static final long UFFD_FEATURE_WP_HUGETLBFS_SHMEM = 1 << 12;
  public static final long UFFD_FEATURE_WP_UNPOPULATED = 1 << 13;
  public static final long UFFD_FEATURE_POISON = 1 << 14;
  public static final long UFFD_FEATURE_WP_ASYNC = 1 << 15;
  public static final long UFFD_FEATURE_MOVE = 1 << 16;

  public static final StructLayout uffdio_api =
      struct("uffdio_api", u64("api"), u64("features"), u64("ioctls"));
  public static final StructLayout uffdio_range = struct("uffdio_range", u64("start"), u64("len"));
  public static final StructLayout uffdio_register =
      struct("uffdio_register", u64("range.start"), u64("range.len"), u64("mode"), u64("ioctls"));
  public static final StructLayout uffdio_copy =
      struct("uffdio_copy", u64("dst"), u64("src"), u64("len"), u64("mode"), u64("copy"));
  public static final StructLayout uffdio_zeropage =
      struct("uffdio_zeropage", u64("range.start"), u64("range.len"), u64("mode"), u64("zeropage"));
  public static final StructLayout uffdio_move =
      struct("uffdio_move", u64("dst"), u64("src"), u64("len"), u64("mode"), u64("move"));
  public static final StructLayout uffdio_writeprotect =
      struct("uffdio_writeprotect", u64("range.start"), u64("range.len"), u64("mode"));
  public static final StructLayout uffdio_continue =
      struct("uffdio_continue", u64("range.start"), u64("range.len"), u64("mode"), u64("mapped"));
  public static final StructLayout uffdio_poison =
      struct("uffdio_poison", u64("range.start"), u64("range.len"), u64("mode"), u64("updated"));

  /**
   * As a page fault fills it; {@link #uffd_msg_remap} and {@link #uffd_msg_remove} are the other
   * forms of the union.
   */
  public static final StructLayout uffd_msg =
      struct(
          "uffd_msg",
          JAVA_BYTE.withName("event"),
          MemoryLayout.paddingLayout(7),
          u64("arg.pagefault.flags"),
          u64("arg.pagefault.address"),
          JAVA_INT.withName("arg.pagefault.feat.ptid"),
          MemoryLayout.paddingLayout(4));

  public static final StructLayout uffd_msg_remap =
      struct(
          "uffd_msg",
          JAVA_BYTE.withName("event"),
          MemoryLayout.paddingLayout(7),
          u64("arg.remap.from"),
          u64("arg.remap.to"),
          u64("arg.remap.len"));

  public static final StructLayout uffd_msg_remove =
      struct(
          "uffd_msg",
          JAVA_BYTE.withName("event"),
          MemoryLayout.paddingLayout(7),
          u64("arg.remove.start"),
          u64("arg.remove.end"),
          MemoryLayout.paddingLayout(8));

  public static final StructLayout uffd_msg_fork =
      struct(
          "uffd_msg",
          JAVA_BYTE.withName("event"),
          MemoryLayout.paddingLayout(7),
          JAVA_INT.withName("arg.fork.ufd"),
          MemoryLayout.paddingLayout(20));

  private UffdAbi() {}

  private static StructLayout struct(String name, MemoryLayout... elements) {
    return MemoryLayout.structLayout(elements).withName(name);
  }

  private static MemoryLayout u64(String name) {
    return JAVA_LONG.withName(name);
  }
}
