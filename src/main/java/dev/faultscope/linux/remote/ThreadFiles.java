package dev.faultscope.linux.remote;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What /proc tells of a thread, over and over from the same open files. */
final class ThreadFiles {
  private static final int ROOM = 128;

  private final MemorySegment buffer = Arena.ofAuto().allocate(ROOM);
  private final Path folder;
  private final Fd wchan;
  private final Fd schedstat;

  ThreadFiles(int pid, int tid) throws LinuxException {
    folder = Path.of("/proc", "" + pid, "task", "" + tid);
    wchan = Fd.openRead(folder.resolve("wchan"));
    schedstat = Fd.openRead(folder.resolve("schedstat"));
  }

  /** {@return the kernel function it sleeps in; {@code 0} while it runs or is about to} */
  String sleepsIn() throws LinuxException {
    return read(wchan, "wchan");
  }

  /** {@return nanoseconds it has run on a CPU} */
  long runtimeNs() throws LinuxException {
    return Long.parseLong(schedstat()[0]);
  }

  /** {@return nanoseconds it has run on a CPU or waited for one} */
  long busyNs() throws LinuxException {
    String[] times = schedstat();
    return Long.parseLong(times[0]) + Long.parseLong(times[1]);
  }

  private String[] schedstat() throws LinuxException {
    return read(schedstat, "schedstat").strip().split(" ", -1);
  }

  /** {@return whether it has memory still} */
  boolean isAlive() {
    try {
      String stat = Files.readString(folder.resolve("stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state != 'Z' && state != 'X';
    } catch (IOException gone) {
      return false;
    }
  }

  private String read(Fd file, String name) throws LinuxException {
    long bytes =
        Libc.syscall(SyscallNumber.PREAD64, file.number(), buffer.address(), buffer.byteSize(), 0);
    RemoteCalls.check(bytes, "read", folder + "/" + name);
    return new String(buffer.asSlice(0, bytes).toArray(JAVA_BYTE), StandardCharsets.US_ASCII);
  }

  void close() {
    wchan.close();
    schedstat.close();
  }
}
