package dev.faultscope.live;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.Fd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.OpenUserfaultfd;
import dev.faultscope.linux.PeerCredentials;
import dev.faultscope.linux.PidFd;
import dev.faultscope.linux.Userfaultfd;
import dev.faultscope.live.attach.GuestRegion;
import dev.faultscope.live.attach.Peer;
import dev.faultscope.live.attach.PeerMemory;
import dev.faultscope.live.attach.PeerMemory.Area;
import dev.faultscope.live.handler.GuestMemoryFile;
import dev.faultscope.live.handler.LiveHandler;
import dev.faultscope.model.Region;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes a userfaultfd out of a process whose handler died.
 *
 * <p>From then on messages come here and not to a handler that may live after all: the kernel gives
 * each message to one reader only. Messages that the dead handler had read are lost with it, so
 * everybody who sleeps is woken once: who still finds no page faults again, and this time is read.
 */
public final class Rescue {
  /** What whoever asks for it should have read. */
  public static final String WARNING =
      "This takes the messages of the userfaultfd away from every handler that still reads it, and"
          + " wakes its sleepers once. Do so only if the handler is dead.";

  private Rescue() {}

  /**
   * Takes a userfaultfd.
   *
   * @param pid the process whose memory is registered
   * @param fd the userfaultfd's number in it
   * @param memory what missing pages hold: the registered ranges one after the other, by address
   * @param zero whether missing pages are to be zeros, where there is no file
   * @return a peer for {@link LiveHandler}
   * @throws IOException saying what is wrong and what to do
   */
  public static Peer take(int pid, int fd, @Nullable GuestMemoryFile memory, boolean zero)
      throws IOException {
    PidFd process = new PidFd(pid);
    @Nullable Fd taken = null;
    try {
      checkIsUserfaultfd(pid, fd);
      taken = process.duplicate(fd);
      Userfaultfd uffd = Userfaultfd.take(taken);
      List<Area> areas = areasOf(pid, uffd);
      if (areas.isEmpty()) {
        throw new IOException(
            "no memory of process %d is registered with its descriptor %d: there is nobody to rescue"
                .formatted(pid, fd));
      }
      checkContent(areas, memory, zero);
      List<GuestRegion> regions = regions(areas);
      if (memory != null) {
        memory.checkHolds(regions);
      }
      for (GuestRegion region : regions) {
        uffd.wake(region.base(), region.size());
      }
      return Peer.taken(process, credentials(pid), uffd, regions);
    } catch (IOException | RuntimeException failure) {
      if (taken != null) {
        taken.close();
      }
      process.close();
      throw failure;
    }
  }

  /**
   * {@return the number of a process's one userfaultfd}
   *
   * @throws IOException if it has none, or several to choose from
   */
  public static int onlyOne(int pid) throws IOException {
    List<OpenUserfaultfd> open = openIn(pid);
    if (open.size() != 1) {
      throw new IOException(
          "process %d has %s"
              .formatted(
                  pid,
                  open.isEmpty()
                      ? "no userfaultfd open"
                      : "several userfaultfds; say which: " + numbers(open)));
    }
    return open.getFirst().fd();
  }

  private static void checkIsUserfaultfd(int pid, int fd) throws IOException {
    List<OpenUserfaultfd> open = openIn(pid);
    if (open.stream().noneMatch(each -> each.fd() == fd)) {
      throw new IOException(
          "descriptor %d of process %d is no userfaultfd; %s"
              .formatted(
                  fd,
                  pid,
                  open.isEmpty() ? "it has none open" : "those it has are " + numbers(open)));
    }
  }

  private static List<OpenUserfaultfd> openIn(int pid) throws IOException {
    try {
      return OpenUserfaultfd.of(pid);
    } catch (AccessDeniedException denied) {
      throw new IOException(
          "process %d may not be looked at; be its user, or have CAP_SYS_PTRACE".formatted(pid),
          denied);
    } catch (NoSuchFileException gone) {
      throw new IOException("there is no process %d".formatted(pid), gone);
    }
  }

  private static String numbers(List<OpenUserfaultfd> open) {
    return open.stream().map(each -> "" + each.fd()).collect(Collectors.joining(", "));
  }

  /**
   * Which of a process's ranges are this userfaultfd's own: registering one again as it is changes
   * nothing, and is refused where it is another's.
   */
  private static List<Area> areasOf(int pid, Userfaultfd uffd) throws IOException {
    List<Area> areas = new ArrayList<>();
    for (Area area : PeerMemory.registered(pid)) {
      try {
        uffd.register(area.start(), area.end() - area.start(), area.modes());
        areas.add(area);
      } catch (LinuxException failure) {
        if (failure.errno() != Errno.EBUSY) {
          throw failure;
        }
      }
    }
    return areas;
  }

  private static void checkContent(List<Area> areas, @Nullable GuestMemoryFile memory, boolean zero)
      throws IOException {
    long missing =
        areas.stream()
            .filter(area -> (area.modes() & Region.MISSING) != 0)
            .mapToLong(area -> area.end() - area.start())
            .sum();
    if (missing > 0 && memory == null && !zero) {
      throw new IOException(
          "%d bytes are registered MISSING and nobody here knows what they should hold; give the"
                  .formatted(missing)
              + " memory file (the registered ranges one after the other, by address), or ask for"
              + " zeros");
    }
  }

  private static List<GuestRegion> regions(List<Area> areas) {
    List<GuestRegion> regions = new ArrayList<>();
    long offset = 0;
    for (Area area : areas) {
      long size = area.end() - area.start();
      regions.add(new GuestRegion(area.start(), size, offset, area.pageSize(), -1, false));
      offset += size;
    }
    return regions;
  }

  private static PeerCredentials credentials(int pid) throws IOException {
    Path process = Path.of("/proc/" + pid);
    return new PeerCredentials(
        pid,
        (Integer) Files.getAttribute(process, "unix:uid"),
        (Integer) Files.getAttribute(process, "unix:gid"));
  }
}
