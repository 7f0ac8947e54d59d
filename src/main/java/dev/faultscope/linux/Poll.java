package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Waits for one of several descriptors to become readable. For one thread at a time. */
public final class Poll {
  private final MemorySegment entries;
  private final MemorySegment timeout;
  private final int count;

  /** Watches these descriptors, in this order. */
  public Poll(Fd... descriptors) {
    Arena arena = Arena.ofAuto();
    count = descriptors.length;
    entries = arena.allocate(FileAbi.pollfd, count);
    timeout = arena.allocate(FileAbi.timespec);
    for (int i = 0; i < count; i++) {
      entries.set(JAVA_INT, at(i), descriptors[i].number());
      entries.set(JAVA_SHORT, at(i) + 4, (short) FileAbi.POLLIN);
    }
  }

  /**
   * Waits.
   *
   * @return whether any is ready; false after the time, or after a signal
   */
  public boolean await(long milliseconds) throws LinuxException {
    timeout.set(JAVA_LONG, 0, milliseconds / 1000);
    timeout.set(JAVA_LONG, 8, milliseconds % 1000 * 1_000_000);
    long ready =
        Libc.syscall(SyscallNumber.PPOLL, entries.address(), count, timeout.address(), 0, 8, 0);
    if (ready == -Errno.EINTR) {
      for (int i = 0; i < count; i++) {
        entries.set(JAVA_SHORT, at(i) + 6, (short) 0);
      }
      return false;
    }
    return LinuxException.check(ready, "ppoll", count + " descriptors") > 0;
  }

  /** {@return whether a descriptor had something to read when the last wait ended} */
  public boolean isReadable(int index) {
    return (events(index) & FileAbi.POLLIN) != 0;
  }

  /** {@return whether a descriptor was broken or hung up when the last wait ended} */
  public boolean isBroken(int index) {
    return (events(index) & (FileAbi.POLLERR | FileAbi.POLLHUP | FileAbi.POLLNVAL)) != 0;
  }

  private int events(int index) {
    return entries.get(JAVA_SHORT, at(index) + 6);
  }

  private static long at(int index) {
    return index * FileAbi.pollfd.byteSize();
  }
}
