package dev.faultscope.linux.remote;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import dev.faultscope.linux.ffi.ThreadAbi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Words of memory shared with another process that can be slept on. */
final class Futex {
  private final Mapping memory;
  private final MemorySegment timeout = Arena.ofAuto().allocate(FileAbi.timespec);

  Futex(Mapping memory) {
    this.memory = memory;
  }

  /** Wakes who sleeps on the word at an offset. */
  void wake(long offset) {
    Libc.syscall(SyscallNumber.FUTEX, memory.address() + offset, ThreadAbi.FUTEX_WAKE, 1);
  }

  /** Sleeps while the word has a value, at most for a time below a second. */
  void await(long offset, int value, long nanoseconds) {
    timeout.set(JAVA_LONG, 8, nanoseconds);
    Libc.syscall(
        SyscallNumber.FUTEX,
        memory.address() + offset,
        ThreadAbi.FUTEX_WAIT,
        value,
        timeout.address());
  }
}
