package dev.faultscope.linux.remote;

import dev.faultscope.linux.Errno;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.ffi.SyscallNumber;
import dev.faultscope.linux.ffi.ThreadAbi;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a remote process. It does one thing at a time, begun by a {@code begin} method, and
 * may fall asleep in it; {@link #awaitRest} tells which.
 */
public final class RemoteThread {
  static final int SYSTEM_CALL = 0;
  static final int LOAD = 1;
  static final int STORE = 2;
  static final int FILL = 3;
  static final int SWEEP = 4;
  static final int CLONE = 5;
  static final int FORK = 6;

  /** In a page number of a sweep's list: the page is written to. */
  public static final int WRITES = 1 << 31;

  /** Bytes of a slot that a system call's structures may use. */
  static final int SCRATCH_BYTES = 3840;

  private static final int SCRATCH = 0x100;
  static final int SLOT_BYTES = 4096;
  private static final long LIMIT_NS = 10_000_000_000L;
  private static final long SPIN_NS = 100_000;
  private static final long LONGEST_NAP_NS = 1_000_000;

  /** Where a thread is at rest. */
  public enum Rest {
    /** It has nothing to do. */
    IDLE,
    /** Asleep in a fault of a userfaultfd. */
    IN_FAULT,
    /** Asleep until an event of its system call is read. */
    IN_EVENT
  }

  private final RemoteProcess process;
  private final Mapping slots;
  private final int slot;
  private final long base;
  private final Futex futex;
  private int pid;
  private int tid;
  private @Nullable ThreadFiles files;

  RemoteThread(RemoteProcess process, Mapping slots, int slot, int pid) {
    this.process = process;
    this.slots = slots;
    this.slot = slot;
    this.pid = pid;
    base = (long) slot * SLOT_BYTES;
    futex = new Futex(slots);
  }

  int slot() {
    return slot;
  }

  long slotAddress() {
    return GuestImage.SLOTS + base;
  }

  /** {@return its process's number; of a forked child 0 until it is born} */
  public int pid() {
    return pid;
  }

  /** {@return the kernel's number of it} */
  public int tid() {
    return tid;
  }

  /** {@return the address, over there, of room for structures of system calls} */
  public long scratch() {
    return slotAddress() + SCRATCH;
  }

  /** Puts words into the scratch room. */
  void putScratch(int offset, long... words) {
    for (int i = 0; i < words.length; i++) {
      slots.putLong(base + SCRATCH + offset + 8L * i, words[i]);
    }
  }

  void putScratch(int offset, byte[] bytes) {
    slots.put(base + SCRATCH + offset, bytes);
  }

  long getScratch(int offset) {
    return slots.getLong(base + SCRATCH + offset);
  }

  /** Waits until the thread runs. {@code pid} is that of its process. */
  void awaitBirth() throws LinuxException {
    Patience patience = new Patience();
    while (slots.getIntAcquire(base + 0x60) == 0) {
      patience.nap(this, 0x60, 0);
    }
    tid = slots.getIntAcquire(base + 0x60);
    if (pid == 0) {
      pid = tid;
    }
    files = new ThreadFiles(pid, tid);
    process.adopt(files);
  }

  /** Waits until a forked child runs, whose parent's call has ended. */
  public void awaitForked() throws LinuxException {
    awaitBirth();
  }

  /** {@return whether it runs or ran} */
  public boolean isBorn() {
    return tid != 0;
  }

  // Beginning

  /** Begins to read a byte; {@link #result} is it. */
  public void beginLoad(long address) {
    begin(LOAD, 0, null, address);
  }

  /** Begins to write a byte. */
  public void beginStore(long address, int value) {
    begin(STORE, 0, null, address, value);
  }

  /** Begins to write one byte over a range. */
  public void beginFill(long address, int value, long bytes) {
    begin(FILL, 0, null, address, value, bytes);
  }

  /**
   * Begins to meet pages in the order of a list: writes its rank to the second word of a page whose
   * number has {@link #WRITES} set, and reads the first word of each, {@link #result} being their
   * sum.
   *
   * @param order address, over there, of page numbers of 4 bytes each
   */
  public void beginSweep(long start, long order, long count) {
    slots.putLong(base + 0x70, 0);
    begin(SWEEP, 0, null, start, order, count);
  }

  void begin(int operation, long newSlot, @Nullable SyscallNumber call, long... arguments) {
    if (isBusy()) {
      throw new IllegalStateException("thread " + tid + " has not finished what it began");
    }
    slots.putLong(base + 0x08, operation);
    slots.putLong(base + 0x10, call == null ? 0 : call.number());
    for (int i = 0; i < 6; i++) {
      slots.putLong(base + 0x18 + 8L * i, i < arguments.length ? arguments[i] : 0);
    }
    slots.putLong(base + 0x58, 0);
    slots.putLong(base + 0x68, newSlot);
    slots.putIntRelease(base, slots.getIntAcquire(base) + 1);
    futex.wake(base);
  }

  /** Begins a system call. */
  void beginCall(SyscallNumber number, long... arguments) {
    begin(SYSTEM_CALL, 0, number, arguments);
  }

  /** Makes a system call that returns soon. {@return its value, or {@code -errno}} */
  long call(SyscallNumber number, long... arguments) throws LinuxException {
    beginCall(number, arguments);
    awaitIdle();
    return result();
  }

  // Waiting and results

  /** {@return whether it has begun something and not finished} */
  public boolean isBusy() {
    return slots.getIntAcquire(base) != slots.getIntAcquire(base + 4);
  }

  /** {@return a call's value or {@code -errno}, the byte a load saw, a sweep's sum} */
  public long result() {
    return slots.getLong(base + 0x48);
  }

  /** {@return the signal that ended what it did, 0 where it ran to its end} */
  public int fatalSignal() {
    return slots.getInt(base + 0x58);
  }

  /** {@return how often its handler of {@link #signal} ran} */
  public long signalsHandled() {
    return slots.getLong(base + 0x50);
  }

  /** {@return how many pages its sweep has met} */
  public long pagesSwept() {
    return slots.getLong(base + 0x70);
  }

  /**
   * {@return nanoseconds it has run on a CPU so far; grows while it tries again and again}
   *
   * @throws LinuxException if it is gone
   */
  public long runtimeNs() throws LinuxException {
    return files().runtimeNs();
  }

  /** {@return nanoseconds it has run on a CPU or waited for one; the rest of its time it slept} */
  public long busyNs() throws LinuxException {
    return files().busyNs();
  }

  private ThreadFiles files() {
    ThreadFiles open = files;
    if (open == null) {
      throw new IllegalStateException("a forked child's thread is not there yet");
    }
    return open;
  }

  /** {@return where it rests now, null while it runs} */
  public @Nullable Rest rest() throws LinuxException {
    if (!isBusy()) {
      return Rest.IDLE;
    }
    return switch (files().sleepsIn()) {
      case "handle_userfault" -> Rest.IN_FAULT;
      case "userfaultfd_event_wait_completion" -> Rest.IN_EVENT;
      default -> null;
    };
  }

  /**
   * Waits until it has finished or is asleep in a fault or an event.
   *
   * @throws LinuxException if it does neither for ten seconds, or is gone
   */
  public Rest awaitRest() throws LinuxException {
    Patience patience = new Patience();
    while (true) {
      Rest rest = rest();
      if (rest != null) {
        return rest;
      }
      patience.nap(this, 4, slots.getIntAcquire(base + 4));
    }
  }

  /**
   * As {@link #awaitRest}, for a thread with a signal that it cannot take: it may try its access
   * again and again without ever sleeping.
   *
   * @param runtimeNs how long it must have run for that to be concluded
   * @return where it rests, null if it does not
   */
  public @Nullable Rest awaitRestOrStorm(long runtimeNs) throws LinuxException {
    long before = runtimeNs();
    Patience patience = new Patience();
    while (true) {
      Rest rest = rest();
      if (rest != null || runtimeNs() - before >= runtimeNs) {
        return rest;
      }
      patience.nap(this, 4, slots.getIntAcquire(base + 4));
    }
  }

  /**
   * Waits up to a time below a second until it has finished, asleep in faults or not. {@return
   * whether it has}
   */
  public boolean awaitDone(long nanoseconds) {
    int done = slots.getIntAcquire(base + 4);
    if (isBusy()) {
      futex.await(base + 4, done, nanoseconds);
    }
    return !isBusy();
  }

  /** Waits until it has finished; falling asleep in a fault is a failure. */
  void awaitIdle() throws LinuxException {
    Patience patience = new Patience();
    while (isBusy()) {
      if (patience.isLong() && rest() == Rest.IN_FAULT) {
        throw new LinuxException(
            "system call", Errno.EAGAIN, "thread " + tid + " fell asleep in a page fault");
      }
      patience.nap(this, 4, slots.getIntAcquire(base + 4));
    }
  }

  /** Waits until its handler has run this often, while it has nothing else to do. */
  public void awaitSignals(long count) throws LinuxException {
    Patience patience = new Patience();
    while (signalsHandled() < count) {
      patience.nap(this, 4, slots.getIntAcquire(base + 4));
    }
  }

  /** Sends the signal that it counts. */
  public void signal() throws LinuxException {
    process.signal(this, ThreadAbi.SIGUSR1);
  }

  /** Makes it give up what it does, if it sleeps on an instruction of its own. */
  public void abandon() throws LinuxException {
    process.signal(this, ThreadAbi.SIGUSR2);
    awaitIdle();
  }

  /** Ends its process, even from sleep, and waits until that has no memory any more. */
  public void exit() throws LinuxException {
    if (isBusy()) {
      process.signal(this, ThreadAbi.SIGKILL);
    } else {
      beginCall(SyscallNumber.EXIT_GROUP, 0);
    }
    Patience patience = new Patience();
    while (files().isAlive()) {
      patience.nap(this, 4, slots.getIntAcquire(base + 4));
    }
  }

  /** Kills its process, where that is a forked child. */
  public void kill() throws LinuxException {
    if (isBorn() && files().isAlive()) {
      process.signal(this, ThreadAbi.SIGKILL);
    }
  }

  /** Waits in ever longer naps, but not for ever. */
  private static final class Patience {
    private final long since = System.nanoTime();
    private long nap = 50_000;

    boolean isLong() {
      return System.nanoTime() - since > LONGEST_NAP_NS;
    }

    void nap(RemoteThread thread, int word, int value) throws LinuxException {
      long waited = System.nanoTime() - since;
      if (waited < SPIN_NS) {
        Thread.onSpinWait();
        return;
      }
      if (waited > LIMIT_NS || !thread.process.isAlive()) {
        throw new LinuxException(
            "remote thread " + thread.tid,
            Errno.ESRCH,
            thread.process.isAlive()
                ? "does not come to rest; it is in "
                    + (thread.files == null ? "its start" : thread.files.sleepsIn())
                : "its process ended");
      }
      thread.futex.await(thread.base + word, value, nap);
      nap = Math.min(2 * nap, LONGEST_NAP_NS);
    }
  }
}
