package dev.faultscope.session.live;

import dev.faultscope.policy.PolicySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A peer to wait for, as a person asked for it.
 *
 * @param socket where to listen, an absolute path; empty for a new folder of ours
 * @param memory the flat file of guest memory, an absolute path; empty for zeros
 * @param policy how faults are answered, as {@link PolicySpec#parse} reads it
 * @param hold what is held from the first fault on: null for nothing, empty for every fault, else a
 *     predicate
 * @param watchdog how long a fault may be held
 * @param peers how many to serve, 1 to 8
 * @param acceptTimeout how long to wait for each, up to a day
 * @param greetTimeout how long each may take for its message, up to a minute
 */
public record AttachOrder(
    String socket,
    String memory,
    String policy,
    @Nullable String hold,
    Duration watchdog,
    int peers,
    Duration acceptTimeout,
    Duration greetTimeout) {
  /** What a Unix socket's address has room for. */
  private static final int MOST_PATH = 107;

  private static final Set<PosixFilePermission> WRITABLE_BY_OTHERS =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  public AttachOrder {
    PolicySpec.parse(policy);
    GuestOrder.checkWatchdog(watchdog);
    if (peers < 1 || peers > 8) {
      throw new IllegalArgumentException(peers + " peers; 1 to 8 are possible");
    }
    within("the wait for a peer", acceptTimeout, Duration.ofDays(1));
    within("the wait for its message", greetTimeout, Duration.ofMinutes(1));
    if (!socket.isEmpty()) {
      checkSocket(Path.of(socket));
    }
    if (!memory.isEmpty()) {
      checkMemory(Path.of(memory));
    }
  }

  private static void within(String what, Duration time, Duration most) {
    if (!time.isPositive() || time.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s is %d s; 1 to %d are possible".formatted(what, time.toSeconds(), most.toSeconds()));
    }
  }

  private static void checkSocket(Path path) {
    if (!path.isAbsolute() || !path.normalize().equals(path)) {
      throw new IllegalArgumentException("the socket's path must be absolute and plain: " + path);
    }
    if (path.toString().length() > MOST_PATH) {
      throw new IllegalArgumentException(
          "the socket's path has more than " + MOST_PATH + " bytes: choose a shorter one");
    }
    Path folder = path.getParent();
    try {
      if (folder == null || !Files.isDirectory(folder)) {
        throw new IllegalArgumentException("the socket's folder " + folder + " does not exist");
      }
      if (Files.getPosixFilePermissions(folder).stream().anyMatch(WRITABLE_BY_OTHERS::contains)) {
        throw new IllegalArgumentException(
            folder
                + " can be written by others, who could put their own socket there: choose a folder"
                + " of your own, or leave the path empty for one of ours");
      }
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(folder + " cannot be looked at", unreadable);
    }
  }

  private static void checkMemory(Path path) {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("the memory file's path must be absolute: " + path);
    }
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new IllegalArgumentException(path + " is no regular file that can be read here");
    }
  }
}
