package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;

/** What guest_memfd answers to system calls that never reach a page (measured on Linux 6.18). */
final class GmemRules {
  private static final long MMAP = 1;
  private static final long ALL_FLAGS = 3;

  private GmemRules() {}

  static Errno create(long bytes, long flags) {
    return bytes <= 0 || bytes % PAGE_BYTES != 0 || (flags & ~ALL_FLAGS) != 0
        ? Errno.EINVAL
        : Errno.OK;
  }

  static Errno map(long flags, boolean privately) {
    if ((flags & MMAP) == 0) {
      return Errno.ENODEV;
    }
    return privately ? Errno.EINVAL : Errno.OK;
  }

  static Errno call(String name) {
    return switch (name) {
      case "read", "write", "ftruncate" -> Errno.EINVAL;
      case "pread", "pwrite" -> Errno.ESPIPE;
      default -> throw new IllegalArgumentException("no rule for " + name + " on guest_memfd");
    };
  }
}
