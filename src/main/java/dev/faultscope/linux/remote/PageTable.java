package dev.faultscope.linux.remote;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Counts page table entries of a process, by {@code /proc/PID/pagemap}. */
public final class PageTable {
  private static final long PAGE = 4096;
  private static final int AT_ONCE = 4096;
  private static final long PRESENT = 1L << 63;
  private static final long UFFD_WP = 1L << 57;

  private PageTable() {}

  /** {@return what the entries of an address range say} */
  public static Counts count(int pid, long start, long end) throws LinuxException {
    int mapped = 0;
    int writeProtected = 0;
    try (Fd pagemap = Fd.openRead(Path.of("/proc", "" + pid, "pagemap"));
        Arena arena = Arena.ofConfined()) {
      MemorySegment entries = arena.allocate(JAVA_LONG, AT_ONCE);
      for (long at = start; at < end; at += AT_ONCE * PAGE) {
        long wanted = Math.min(AT_ONCE, (end - at) / PAGE) * Long.BYTES;
        long read =
            Libc.syscall(
                SyscallNumber.PREAD64,
                pagemap.number(),
                entries.address(),
                wanted,
                at / PAGE * Long.BYTES);
        RemoteCalls.check(read, "read", "pagemap of process " + pid);
        for (long i = 0; i < read; i += Long.BYTES) {
          long entry = entries.get(JAVA_LONG, i);
          mapped += (entry & PRESENT) != 0 ? 1 : 0;
          writeProtected += (entry & UFFD_WP) != 0 ? 1 : 0;
        }
      }
    }
    return new Counts(mapped, writeProtected);
  }

  /**
   * Counted entries.
   *
   * @param mapped with a page present
   * @param writeProtected write-protected by a userfaultfd, or marked to be
   */
  public record Counts(int mapped, int writeProtected) {}
}
