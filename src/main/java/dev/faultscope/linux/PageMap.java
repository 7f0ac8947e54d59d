package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.ffi.FileAbi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A process's page table, asked by PAGEMAP_SCAN (Linux 6.7): which pages are there, without
 * touching any.
 */
public final class PageMap implements AutoCloseable {
  /** The page is mapped. */
  public static final long PRESENT = FileAbi.PAGE_IS_PRESENT;

  /** The page is swapped out. */
  public static final long SWAPPED = FileAbi.PAGE_IS_SWAPPED;

  /** The page belongs to a file or to shared memory. */
  public static final long FILE = FileAbi.PAGE_IS_FILE;

  /** The page is the kernel's one page of zeros. */
  public static final long ZERO = FileAbi.PAGE_IS_PFNZERO;

  private static final int RANGES = 512;

  private final Fd fd;

  /** Opens a process's page map. */
  public PageMap(int pid) throws LinuxException {
    fd = Fd.open("/proc/" + pid + "/pagemap", FileAbi.O_RDONLY);
  }

  /** {@return ranges of an address range whose pages are present or swapped, in order} */
  public List<Range> scan(long start, long end) throws LinuxException {
    List<Range> found = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ranges = arena.allocate(FileAbi.page_region, RANGES);
      MemorySegment argument = arena.allocate(FileAbi.pm_scan_arg);
      long at = start;
      while (at < end) {
        argument.fill((byte) 0);
        argument.set(JAVA_LONG, 0, argument.byteSize());
        argument.set(JAVA_LONG, 16, at);
        argument.set(JAVA_LONG, 24, end);
        argument.set(JAVA_LONG, 40, ranges.address());
        argument.set(JAVA_LONG, 48, RANGES);
        argument.set(JAVA_LONG, 80, PRESENT | SWAPPED);
        argument.set(JAVA_LONG, 88, PRESENT | SWAPPED | FILE | ZERO);
        long count =
            LinuxException.check(
                fd.ioctl(FileAbi.PAGEMAP_SCAN, argument),
                "PAGEMAP_SCAN",
                "0x" + Long.toHexString(at) + " to 0x" + Long.toHexString(end));
        for (int i = 0; i < count; i++) {
          found.add(
              new Range(
                  ranges.get(JAVA_LONG, i * 24L),
                  ranges.get(JAVA_LONG, i * 24L + 8),
                  ranges.get(JAVA_LONG, i * 24L + 16)));
        }
        long walked = argument.get(JAVA_LONG, 32);
        if (walked <= at) {
          break;
        }
        at = walked;
      }
    }
    return found;
  }

  @Override
  public void close() {
    fd.close();
  }

  /**
   * Pages of one kind.
   *
   * @param start first address
   * @param end address behind the last page
   * @param categories bits of {@link #PRESENT}, {@link #SWAPPED}, {@link #FILE} and {@link #ZERO}
   */
  public record Range(long start, long end, long categories) {}
}
