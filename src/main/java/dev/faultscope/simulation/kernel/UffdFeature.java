package dev.faultscope.simulation.kernel;

/** Features of UFFDIO_API (include/uapi/linux/userfaultfd.h, Linux 6.18). */
public final class UffdFeature {
  public static final long PAGEFAULT_FLAG_WP = 1;
  public static final long EVENT_FORK = 1 << 1;
  public static final long EVENT_REMAP = 1 << 2;
  public static final long EVENT_REMOVE = 1 << 3;
  public static final long MISSING_HUGETLBFS = 1 << 4;
  public static final long MISSING_SHMEM = 1 << 5;
  public static final long EVENT_UNMAP = 1 << 6;
  public static final long SIGBUS = 1 << 7;
  public static final long THREAD_ID = 1 << 8;
  public static final long MINOR_HUGETLBFS = 1 << 9;
  public static final long MINOR_SHMEM = 1 << 10;
  public static final long EXACT_ADDRESS = 1 << 11;
  public static final long WP_HUGETLBFS_SHMEM = 1 << 12;
  public static final long WP_UNPOPULATED = 1 << 13;
  public static final long POISON = 1 << 14;
  public static final long WP_ASYNC = 1 << 15;
  public static final long MOVE = 1 << 16;

  /** What Linux 6.18 reports. */
  public static final long SUPPORTED = 0x1ffff;

  private UffdFeature() {}
}
