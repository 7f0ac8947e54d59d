package dev.faultscope.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.faultscope.linux.ffi.FileAbi;
import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one process can ask and do about itself, its threads and others. */
public final class Processes {
  private static final int MASK_BYTES = 128;

  private Processes() {}

  /** {@return the kernel's number of the calling thread} */
  public static int currentThreadId() {
    return (int) Libc.syscall(SyscallNumber.GETTID);
  }

  /** {@return this process's number} */
  public static int currentProcessId() {
    return (int) Libc.syscall(SyscallNumber.GETPID);
  }

  /** {@return the CPUs the calling thread may run on} */
  public static List<Integer> affinity() throws LinuxException {
    return affinity(0);
  }

  /**
   * {@return the CPUs a thread may run on}
   *
   * @param threadId the kernel's number of any process's thread; 0 for the calling one
   */
  public static List<Integer> affinity(int threadId) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
      LinuxException.check(
          Libc.syscall(SyscallNumber.SCHED_GETAFFINITY, threadId, MASK_BYTES, mask.address()),
          "sched_getaffinity",
          "thread " + threadId);
      List<Integer> cpus = new ArrayList<>();
      for (int cpu = 0; cpu < MASK_BYTES * Byte.SIZE; cpu++) {
        if ((mask.get(JAVA_LONG, cpu / 64 * 8L) >>> (cpu % 64) & 1) != 0) {
          cpus.add(cpu);
        }
      }
      return cpus;
    }
  }

  /** Lets the calling thread run on these CPUs only. */
  public static void pin(int... cpus) throws LinuxException {
    pinThread(0, cpus);
  }

  /**
   * Lets a thread run on these CPUs only.
   *
   * @param threadId the kernel's number of any process's thread; 0 for the calling one
   */
  public static void pinThread(int threadId, int... cpus) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
      for (int cpu : cpus) {
        long word = mask.get(JAVA_LONG, cpu / 64 * 8L);
        mask.set(JAVA_LONG, cpu / 64 * 8L, word | 1L << (cpu % 64));
      }
      LinuxException.check(
          Libc.syscall(SyscallNumber.SCHED_SETAFFINITY, threadId, MASK_BYTES, mask.address()),
          "sched_setaffinity",
          Arrays.toString(cpus));
    }
  }

  /** Has the kernel kill this process with a signal when the thread that started it ends. */
  public static void dieWithParent(int signal) throws LinuxException {
    LinuxException.check(
        Libc.syscall(SyscallNumber.PRCTL, FileAbi.PR_SET_PDEATHSIG, signal),
        "prctl",
        "PR_SET_PDEATHSIG");
  }

  /**
   * Reads another process's memory without touching its page table's holes on its behalf any more
   * than an access of its own would: on memory registered with a userfaultfd this waits for the
   * fault to be answered.
   *
   * @return the bytes that could be read, from the first
   */
  public static byte[] read(int pid, long address, int bytes) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(bytes, 8);
      MemorySegment vectors = arena.allocate(FileAbi.iovec, 2);
      vectors.set(JAVA_LONG, 0, into.address());
      vectors.set(JAVA_LONG, 8, bytes);
      vectors.set(JAVA_LONG, 16, address);
      vectors.set(JAVA_LONG, 24, bytes);
      long read =
          LinuxException.check(
              Libc.syscall(
                  SyscallNumber.PROCESS_VM_READV,
                  pid,
                  vectors.address(),
                  1,
                  vectors.address() + 16,
                  1,
                  0),
              "process_vm_readv",
              bytes + " bytes at 0x" + Long.toHexString(address) + " of process " + pid);
      return into.asSlice(0, read).toArray(JAVA_BYTE);
    }
  }
}
