package dev.faultscope.live.attach;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code /proc/PID/smaps} says of a process's memory: the backing of a mapping and the modes
 * it is registered with at a userfaultfd.
 */
public final class PeerMemory {
  /** Backing and register modes; unknown where the file cannot be read. */
  public record Facts(Backing backing, int modes) {}

  /**
   * One mapping that is registered with a userfaultfd.
   *
   * @param start first address
   * @param end address behind the last page
   * @param backing what backs it
   * @param modes {@link Region#MISSING}, {@link Region#WP}, {@link Region#MINOR}
   * @param pageSize bytes of the pages that faults are answered by
   * @param path the file behind it, as the kernel names it; empty for none
   */
  public record Area(long start, long end, Backing backing, int modes, long pageSize, String path) {

    /** {@return its size in 4-KiB pages} */
    public long pages() {
      return (end - start) / Region.PAGE_BYTES;
    }
  }

  private static final Facts UNKNOWN = new Facts(Backing.UNKNOWN, 0);

  private PeerMemory() {}

  /**
   * {@return the mappings of a process that are registered with a userfaultfd, by address}
   *
   * @throws IOException if there is no such process, or it may not be looked at
   */
  public static List<Area> registered(int pid) throws IOException {
    return mappings(pid).stream().filter(area -> area.modes() != 0).toList();
  }

  public static Map<GuestRegion, Facts> look(int pid, List<GuestRegion> regions) {
    Map<GuestRegion, Facts> facts = new HashMap<>();
    regions.forEach(region -> facts.put(region, UNKNOWN));
    try {
      for (Area area : mappings(pid)) {
        for (GuestRegion region : regions) {
          if (region.base() >= area.start() && region.base() < area.end()) {
            facts.put(region, new Facts(area.backing(), area.modes()));
          }
        }
      }
    } catch (IOException notReadable) {
      // Another user's process: the recording says "unknown".
      return facts;
    }
    return facts;
  }

  private static List<Area> mappings(int pid) throws IOException {
    List<Area> areas = new ArrayList<>();
    try (BufferedReader lines =
        Files.newBufferedReader(Path.of("/proc/" + pid + "/smaps"), StandardCharsets.ISO_8859_1)) {
      long start = 0;
      long end = 0;
      long pageSize = Region.PAGE_BYTES;
      String path = "";
      Backing backing = Backing.UNKNOWN;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.strip().split("\\s+", 6);
        if (cells[0].matches("[0-9a-f]+-[0-9a-f]+")) {
          String[] bounds = cells[0].split("-", 2);
          start = Long.parseUnsignedLong(bounds[0], 16);
          end = Long.parseUnsignedLong(bounds[1], 16);
          path = cells.length > 5 ? cells[5] : "";
          backing = backing(path, cells[1].endsWith("s"));
        } else if (cells[0].equals("KernelPageSize:")) {
          pageSize = Long.parseLong(cells[1]) * 1024;
        } else if (cells[0].equals("VmFlags:")) {
          areas.add(new Area(start, end, backing, modes(line), pageSize, path));
        }
      }
    }
    return areas;
  }

  private static Backing backing(String path, boolean shared) {
    if (path.contains("kvm-gmem")) {
      return Backing.GUEST_MEMFD;
    }
    if (path.contains("hugepage") || path.contains("hugetlb")) {
      return Backing.HUGETLB;
    }
    if (path.startsWith("/memfd:") || path.startsWith("/dev/zero") || path.startsWith("/dev/shm")) {
      return shared ? Backing.MEMFD : Backing.MEMFD_PRIVATE;
    }
    return path.startsWith("/") ? Backing.FILE : Backing.ANON;
  }

  private static int modes(String line) {
    String flags = line + " ";
    return (flags.contains(" um ") ? Region.MISSING : 0)
        | (flags.contains(" uw ") ? Region.WP : 0)
        | (flags.contains(" ui ") ? Region.MINOR : 0);
  }
}
