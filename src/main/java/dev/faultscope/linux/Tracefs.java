package dev.faultscope.linux;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's trace events. Where tracefs is not mounted and this process may, it is mounted for
 * this process alone: no path leads there but its descriptor, and nothing is left when that is
 * closed.
 */
public final class Tracefs implements AutoCloseable {
  private static final List<Path> MOUNTS =
      List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));

  private final Path root;
  private final @Nullable Fd mount;

  private Tracefs(Path root, @Nullable Fd mount) {
    this.root = root;
    this.mount = mount;
  }

  /**
   * Opens it where it is mounted, else by a mount of its own.
   *
   * @throws LinuxException if it is not mounted where this process can read it, and may not be
   */
  public static Tracefs open() throws LinuxException {
    for (Path path : MOUNTS) {
      if (Files.isDirectory(path.resolve("events"))) {
        return new Tracefs(path, null);
      }
    }
    Fd mount = mount();
    return new Tracefs(Path.of("/proc/self/fd/" + mount.number()), mount);
  }

  private static Fd mount() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      String what = "tracefs, which is not mounted where this process can read it";
      long opened =
          Libc.syscall(
              SyscallNumber.FSOPEN,
              arena.allocateFrom("tracefs").address(),
              FileAbi.FSOPEN_CLOEXEC);
      try (Fd context = Fd.adopt(LinuxException.check(opened, "fsopen", what))) {
        LinuxException.check(
            Libc.syscall(
                SyscallNumber.FSCONFIG, context.number(), FileAbi.FSCONFIG_CMD_CREATE, 0, 0, 0, 0),
            "fsconfig",
            what);
        long mounted =
            Libc.syscall(SyscallNumber.FSMOUNT, context.number(), FileAbi.FSMOUNT_CLOEXEC, 0);
        return Fd.adopt(LinuxException.check(mounted, "fsmount", what));
      }
    }
  }

  /** {@return whether it was mounted for this process alone} */
  public boolean isOwnMount() {
    return mount != null;
  }

  /** {@return whether the kernel has an event, {@code group/name}, or a whole group} */
  public boolean has(String event) {
    return Files.isDirectory(root.resolve("events").resolve(event));
  }

  /**
   * Makes an instance: a ring buffer and switches of its own, which disturb nobody else's tracing.
   *
   * @param purpose a word for its name
   */
  public TraceInstance instance(String purpose) throws IOException {
    return TraceInstance.create(instances(), purpose);
  }

  /**
   * Removes what processes that were killed left behind.
   *
   * @return how many there were
   */
  public int sweep() throws IOException {
    return TraceInstance.sweep(instances());
  }

  /** {@return names of the instances that a process has made and not removed} */
  public List<String> madeBy(long pid) throws IOException {
    return TraceInstance.ofProcess(instances(), pid);
  }

  Path instances() {
    return root.resolve("instances");
  }

  @Override
  public void close() {
    if (mount != null) {
      mount.close();
    }
  }
}
