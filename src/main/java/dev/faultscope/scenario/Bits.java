package dev.faultscope.scenario;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.faultscope.model.UffdIoctl;
import java.util.Map;

/** Names of the bits that scenarios may write. */
final class Bits {
  static final Map<String, Long> UFFD_FLAGS =
      Map.of("USER_MODE_ONLY", 1L, "NONBLOCK", 0x800L, "CLOEXEC", 0x80000L);

  static final Map<String, Long> FEATURES =
      Map.ofEntries(
          entry("PAGEFAULT_FLAG_WP", 1L),
          entry("EVENT_FORK", 1L << 1),
          entry("EVENT_REMAP", 1L << 2),
          entry("EVENT_REMOVE", 1L << 3),
          entry("MISSING_HUGETLBFS", 1L << 4),
          entry("MISSING_SHMEM", 1L << 5),
          entry("EVENT_UNMAP", 1L << 6),
          entry("SIGBUS", 1L << 7),
          entry("THREAD_ID", 1L << 8),
          entry("MINOR_HUGETLBFS", 1L << 9),
          entry("MINOR_SHMEM", 1L << 10),
          entry("EXACT_ADDRESS", 1L << 11),
          entry("WP_HUGETLBFS_SHMEM", 1L << 12),
          entry("WP_UNPOPULATED", 1L << 13),
          entry("POISON", 1L << 14),
          entry("WP_ASYNC", 1L << 15),
          entry("MOVE", 1L << 16));

  static final Map<String, Long> MESSAGE_FLAGS = Map.of("WRITE", 1L, "WP", 2L, "MINOR", 4L);
  static final Map<String, Long> EXIT_FLAGS = Map.of("PRIVATE", 1L << 3, "USERFAULT", 1L << 4);
  static final Map<String, Long> FALLOC_MODES =
      Map.of("KEEP_SIZE", 1L, "PUNCH_HOLE", 2L, "ZERO_RANGE", 0x10L);
  static final Map<String, Long> GMEM_FLAGS = Map.of("MMAP", 1L, "INIT_SHARED", 2L);

  private Bits() {}

  static Map<String, Long> modesOf(UffdIoctl ioctl) {
    return ioctl.modes().stream()
        .collect(toUnmodifiableMap(UffdIoctl.Mode::name, UffdIoctl.Mode::bit));
  }

  /** {@return every bit of some names} */
  static long all(Map<String, Long> names) {
    return names.values().stream()
        .mapToLong(Long::longValue)
        .reduce(0, (one, other) -> one | other);
  }
}
