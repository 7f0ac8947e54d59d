package dev.faultscope.linux;

import dev.faultscope.linux.ffi.Libc;
import dev.faultscope.linux.ffi.SyscallNumber;

/**
 * A process, held so that its number cannot come to mean another. Readable in a poll once the
 * process ended.
 */
public final class PidFd implements AutoCloseable {
  private final Fd fd;
  private final int pid;

  /**
   * Holds a process.
   *
   * @throws LinuxException ESRCH if there is none
   */
  public PidFd(int pid) throws LinuxException {
    this.pid = pid;
    fd =
        Fd.adopt(
            LinuxException.check(
                Libc.syscall(SyscallNumber.PIDFD_OPEN, pid, 0), "pidfd_open", "process " + pid));
  }

  /** {@return its descriptor} */
  public Fd fd() {
    return fd;
  }

  /** {@return the process's number} */
  public int pid() {
    return pid;
  }

  /** {@return whether the process ended} */
  public boolean hasEnded() throws LinuxException {
    return new Poll(fd).await(0);
  }

  /** {@return a duplicate of a descriptor of that process}; needs the right to trace it. */
  public Fd duplicate(int theirs) throws LinuxException {
    return Fd.adopt(
        LinuxException.check(
            Libc.syscall(SyscallNumber.PIDFD_GETFD, fd.number(), theirs, 0),
            "pidfd_getfd",
            "descriptor " + theirs + " of process " + pid));
  }

  /** Sends a signal to the process. */
  public void signal(int number) throws LinuxException {
    LinuxException.check(
        Libc.syscall(SyscallNumber.PIDFD_SEND_SIGNAL, fd.number(), number, 0, 0),
        "pidfd_send_signal",
        "signal " + number + " to process " + pid);
  }

  @Override
  public void close() {
    fd.close();
  }
}
