package dev.faultscope.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A userfaultfd that some process has open, as {@code /proc/PID/fdinfo} tells of it. Looking takes
 * no message and wakes nobody.
 *
 * @param fd its number in that process
 * @param nonBlocking whether it was opened with O_NONBLOCK; if not, polling it answers POLLERR
 * @param pending faults that nobody has read yet
 * @param total faults whose threads sleep, read or not
 * @param features feature bits that were agreed on, with the kernel's own bit 31 taken off; 0
 *     before UFFDIO_API
 */
public record OpenUserfaultfd(
    int fd, boolean nonBlocking, long pending, long total, long features) {
  private static final String LINK = "anon_inode:[userfaultfd]";
  private static final long O_NONBLOCK = 0x800;

  /** The kernel's note to itself that UFFDIO_API was done. */
  private static final long INITIALIZED = 1L << 31;

  /** {@return faults that a handler read and has not answered} */
  public long read() {
    return Math.max(0, total - pending);
  }

  /**
   * {@return the userfaultfds of a process, by number}
   *
   * @throws IOException if there is no such process, or its descriptors may not be looked at
   */
  public static List<OpenUserfaultfd> of(int pid) throws IOException {
    List<OpenUserfaultfd> found = new ArrayList<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path link : links) {
        if (isUserfaultfd(link)) {
          read(pid, Integer.parseInt(link.getFileName().toString()), found);
        }
      }
    }
    found.sort(Comparator.comparingInt(OpenUserfaultfd::fd));
    return List.copyOf(found);
  }

  private static boolean isUserfaultfd(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().equals(LINK);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private static void read(int pid, int fd, List<OpenUserfaultfd> into) {
    try {
      into.add(parse(fd, Files.readAllLines(Path.of("/proc/" + pid + "/fdinfo/" + fd))));
    } catch (IOException closedMeanwhile) {
      // One that was closed while we looked is not there.
    }
  }

  static OpenUserfaultfd parse(int fd, List<String> lines) {
    long flags = 0;
    long pending = 0;
    long total = 0;
    long features = 0;
    for (String line : lines) {
      String[] cells = line.split("[:\\s]+", -1);
      switch (cells[0]) {
        case "flags" -> flags = Long.parseLong(cells[1], 8);
        case "pending" -> pending = Long.parseLong(cells[1]);
        case "total" -> total = Long.parseLong(cells[1]);
        case "API" -> features = Long.parseUnsignedLong(cells[2], 16) & ~INITIALIZED;
        default -> {}
      }
    }
    return new OpenUserfaultfd(fd, (flags & O_NONBLOCK) != 0, pending, total, features);
  }
}
