package dev.faultscope.live;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code /proc/PID/smaps} says of a peer's regions: their backing and the modes they are
 * registered with.
 */
final class PeerMemory {
  /** Backing and register modes; unknown where the file cannot be read. */
  record Facts(Backing backing, int modes) {}

  private static final Facts UNKNOWN = new Facts(Backing.UNKNOWN, 0);

  private PeerMemory() {}

  static Map<GuestRegion, Facts> look(int pid, List<GuestRegion> regions) {
    Map<GuestRegion, Facts> facts = new HashMap<>();
    regions.forEach(region -> facts.put(region, UNKNOWN));
    try (BufferedReader lines =
        Files.newBufferedReader(Path.of("/proc/" + pid + "/smaps"), StandardCharsets.ISO_8859_1)) {
      long start = 0;
      long end = 0;
      Backing backing = Backing.UNKNOWN;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.strip().split("\\s+", 6);
        if (cells[0].matches("[0-9a-f]+-[0-9a-f]+")) {
          String[] bounds = cells[0].split("-", 2);
          start = Long.parseUnsignedLong(bounds[0], 16);
          end = Long.parseUnsignedLong(bounds[1], 16);
          backing = backing(cells.length > 5 ? cells[5] : "", cells[1].endsWith("s"));
        } else if (cells[0].equals("VmFlags:")) {
          int modes = modes(line);
          for (GuestRegion region : regions) {
            if (region.base() >= start && region.base() < end) {
              facts.put(region, new Facts(backing, modes));
            }
          }
        }
      }
    } catch (IOException notReadable) {
      // Another user's process: the recording says "unknown".
      return facts;
    }
    return facts;
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
