package dev.faultscope.linux.remote;

import dev.faultscope.linux.Fd;
import dev.faultscope.linux.Linux;
import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.Mapping;
import dev.faultscope.linux.Memfd;
import dev.faultscope.linux.PidFd;
import dev.faultscope.linux.Processes;
import dev.faultscope.linux.ffi.SyscallNumber;
import dev.faultscope.linux.ffi.ThreadAbi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that runs {@link GuestImage} and, for as long as this object is open, does what its
 * threads are told. For one thread at a time.
 *
 * <p>It ends with this process however that ends, and so do its forked children.
 */
public final class RemoteProcess implements AutoCloseable {
  /** Most threads, those of forked children included. */
  public static final int MAX_THREADS = 512;

  /** What lists of processes call it; started from a descriptor, it had that one's number. */
  static final String NAME = "faultscope-run";

  private static final int CLONE_THREAD =
      ThreadAbi.CLONE_VM
          | ThreadAbi.CLONE_FS
          | ThreadAbi.CLONE_FILES
          | ThreadAbi.CLONE_SIGHAND
          | ThreadAbi.CLONE_THREAD
          | ThreadAbi.CLONE_SYSVSEM;

  private final Process process;
  private final Mapping slots;
  private final Memfd slotsFile;
  private final RemoteThread main;
  private final List<ThreadFiles> files = new ArrayList<>();
  private int used = 1;

  private RemoteProcess(Process process, Mapping slots, Memfd slotsFile) throws LinuxException {
    this.process = process;
    this.slots = slots;
    this.slotsFile = slotsFile;
    main = new RemoteThread(this, slots, 0, pid());
  }

  /** {@return why there can be none here, empty where there can} */
  public static Optional<String> whyUnavailable() {
    Optional<String> why = Linux.whyUnavailable();
    if (why.isPresent()) {
      return why;
    }
    String arch = System.getProperty("os.arch", "");
    return arch.equals("amd64") || arch.equals("x86_64")
        ? Optional.empty()
        : Optional.of("the program of remote processes is x86-64 code, this machine is " + arch);
  }

  /**
   * Starts one.
   *
   * @throws IOException if the kernel does not let it run
   */
  public static RemoteProcess start() throws IOException {
    Memfd slotsFile =
        Memfd.create("faultscope-slots", MAX_THREADS * (long) RemoteThread.SLOT_BYTES);
    byte[] image = GuestImage.file();
    try (Memfd program = Memfd.create("faultscope-remote", image.length)) {
      try (Mapping bytes = program.map()) {
        bytes.put(0, image);
      }
      // Descriptors do not reach the new process; their names in /proc do.
      Process process =
          new ProcessBuilder(inProc(program.fd()), inProc(slotsFile.fd()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      RemoteProcess remote = new RemoteProcess(process, slotsFile.map(), slotsFile);
      try {
        remote.main.awaitBirth();
        remote.takeName();
        remote.handleSignals();
      } catch (LinuxException failure) {
        remote.close();
        throw failure;
      }
      return remote;
    } catch (IOException failure) {
      slotsFile.close();
      throw failure;
    }
  }

  private static String inProc(Fd fd) {
    return Path.of("/proc", "" + Processes.currentProcessId(), "fd", "" + fd.number()).toString();
  }

  /**
   * Names its first thread, which is what lists call the process, and the one that others come
   * from.
   */
  private void takeName() throws LinuxException {
    RemoteCalls calls = new RemoteCalls(main);
    byte[] name = NAME.getBytes(StandardCharsets.US_ASCII);
    for (String thread : List.of("self", "thread-self")) {
      int fd = (int) calls.open(Path.of("/proc", thread, "comm"), true);
      // Where /proc refuses that, it has a worse name and works all the same.
      if (fd >= 0) {
        main.putScratch(0, name);
        calls.write(fd, main.scratch(), name.length);
        calls.close(fd);
      }
    }
  }

  private void handleSignals() throws LinuxException {
    long onFault = GuestImage.address("on_fault");
    setHandler(ThreadAbi.SIGBUS, onFault);
    setHandler(ThreadAbi.SIGSEGV, onFault);
    setHandler(ThreadAbi.SIGUSR2, onFault);
    setHandler(ThreadAbi.SIGUSR1, GuestImage.address("on_signal"));
    setHandler(ThreadAbi.SIGCHLD, 1); // SIG_IGN: a child that ends leaves no zombie
  }

  private void setHandler(int signal, long handler) throws LinuxException {
    // struct kernel_sigaction: handler, flags, restorer, mask
    main.putScratch(
        0,
        handler,
        ThreadAbi.SA_SIGINFO | ThreadAbi.SA_RESTORER,
        GuestImage.address("restorer"),
        0);
    RemoteCalls.check(
        main.call(SyscallNumber.RT_SIGACTION, signal, main.scratch(), 0, 8),
        "rt_sigaction",
        "signal " + signal);
  }

  /** {@return its process number} */
  public int pid() {
    return Math.toIntExact(process.pid());
  }

  /** {@return its first working thread} */
  public RemoteThread main() {
    return main;
  }

  /** {@return whether it still runs} */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Starts another thread of the process. */
  public RemoteThread newThread() throws LinuxException {
    RemoteThread thread = new RemoteThread(this, slots, claimSlot(), pid());
    main.begin(
        RemoteThread.CLONE,
        thread.slotAddress(),
        SyscallNumber.CLONE,
        CLONE_THREAD,
        GuestImage.STACKS + (thread.slot() + 1) * GuestImage.STACK_BYTES);
    main.awaitIdle();
    RemoteCalls.check(main.result(), "clone", "thread " + thread.slot());
    thread.awaitBirth();
    return thread;
  }

  /**
   * Has a thread fork. The child's one thread is there once the parent's call has ended: {@link
   * RemoteThread#awaitBirth}.
   */
  public RemoteThread fork(RemoteThread parent) throws LinuxException {
    RemoteThread child = new RemoteThread(this, slots, claimSlot(), 0);
    parent.begin(RemoteThread.FORK, child.slotAddress(), SyscallNumber.CLONE, ThreadAbi.SIGCHLD, 0);
    return child;
  }

  void adopt(ThreadFiles opened) {
    files.add(opened);
  }

  private int claimSlot() throws LinuxException {
    if (used == MAX_THREADS) {
      throw new LinuxException(
          "clone", 11, "a remote process has at most " + MAX_THREADS + " threads in its life");
    }
    return used++;
  }

  /** {@return how many threads it may still start} */
  public int threadsLeft() {
    return MAX_THREADS - used;
  }

  /** Sends a signal to one of its threads or of its children's. */
  void signal(RemoteThread thread, int signal) throws LinuxException {
    long sent = main.call(SyscallNumber.TGKILL, thread.pid(), thread.tid(), signal);
    RemoteCalls.check(sent, "tgkill", "signal " + signal + " to thread " + thread.tid());
  }

  /** {@return a duplicate of one of its descriptors} */
  public Fd duplicate(int fd) throws LinuxException {
    try (PidFd held = new PidFd(pid())) {
      return held.duplicate(fd);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    files.forEach(ThreadFiles::close);
    slots.close();
    slotsFile.close();
  }
}
