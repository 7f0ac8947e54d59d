package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.lang.foreign.Arena;

/** A bell that wakes a poll. Safe for several threads. */
public final class EventFd implements AutoCloseable {
  private final Fd fd;

  /** Makes one, silent. */
  public EventFd() throws LinuxException {
    fd =
        Fd.adopt(
            LinuxException.check(
                Libc.syscall(SyscallNumber.EVENTFD2, 0, FileAbi.EFD_CLOEXEC | FileAbi.EFD_NONBLOCK),
                "eventfd2",
                ""));
  }

  /** {@return its descriptor} */
  public Fd fd() {
    return fd;
  }

  /** Rings; a bell that was closed keeps silent. */
  public synchronized void ring() {
    if (!fd.isClosed()) {
      try (Arena arena = Arena.ofConfined()) {
        long _ = fd.write(arena.allocateFrom(JAVA_LONG, 1));
      }
    }
  }

  /** {@return whether it rang since it was last asked} */
  public boolean wasRung() {
    try (Arena arena = Arena.ofConfined()) {
      return fd.read(arena.allocate(JAVA_LONG)) > 0;
    }
  }

  @Override
  public synchronized void close() {
    fd.close();
  }
}
