package dev.faultscope.live.engine;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.remote.RemoteThread;
import java.io.IOException;
import java.util.Optional;

/** A thread, or a vCPU and the thread that runs it, and the pages it has to meet. */
final class Worker {
  /** How the pages are met. */
  interface Sweep {
    void begin() throws LinuxException;

    /** Waits a while. {@return whether it is done} */
    boolean awaitDone(long nanoseconds) throws LinuxException;

    /** {@return how many pages were met so far} */
    long met();

    /** {@return the sum of the first words of the pages, once done} */
    long sum() throws LinuxException;
  }

  private final String name;
  private final RemoteThread thread;
  private final Sweep sweep;
  private final long expected;
  private long begunAt;
  private long busyBefore;
  private long stallNs;

  /**
   * Prepares it.
   *
   * @param expected what the first words of its pages add up to
   */
  Worker(String name, RemoteThread thread, Sweep sweep, long expected) {
    this.name = name;
    this.thread = thread;
    this.sweep = sweep;
    this.expected = expected;
  }

  /** {@return a sweep by the instructions of a thread} */
  static Sweep byThread(RemoteThread thread, long memory, long order, int count) {
    return new Sweep() {
      @Override
      public void begin() {
        thread.beginSweep(memory, order, count);
      }

      @Override
      public boolean awaitDone(long nanoseconds) {
        return thread.awaitDone(nanoseconds);
      }

      @Override
      public long met() {
        return thread.pagesSwept();
      }

      @Override
      public long sum() throws LinuxException {
        if (thread.fatalSignal() != 0) {
          throw new LinuxException(
              "access", 14, "signal " + thread.fatalSignal() + " after " + met() + " pages");
        }
        return thread.result();
      }
    };
  }

  /** {@return a sweep by a guest} */
  static Sweep byGuest(LiveVm.LiveVcpu vcpu, long first, int[] pages) {
    long list = vcpu.list(pages);
    return new Sweep() {
      @Override
      public void begin() throws LinuxException {
        vcpu.begin(first, list, pages.length);
      }

      @Override
      public boolean awaitDone(long nanoseconds) throws LinuxException {
        return vcpu.awaitDone(nanoseconds);
      }

      @Override
      public long met() {
        return vcpu.met();
      }

      @Override
      public long sum() throws LinuxException {
        return vcpu.sum();
      }
    };
  }

  String name() {
    return name;
  }

  int tid() {
    return thread.tid();
  }

  long met() {
    return sweep.met();
  }

  long stallNs() {
    return stallNs;
  }

  void begin() throws LinuxException {
    busyBefore = thread.busyNs();
    begunAt = System.nanoTime();
    sweep.begin();
  }

  boolean awaitDone(long nanoseconds) throws LinuxException {
    return sweep.awaitDone(nanoseconds);
  }

  /**
   * Whatever time it neither ran nor waited for a CPU it slept in faults.
   *
   * @return what it saw otherwise than it should have
   */
  Optional<String> end() throws IOException {
    long elapsed = System.nanoTime() - begunAt;
    stallNs = Math.max(0, elapsed - (thread.busyNs() - busyBefore));
    long sum;
    try {
      sum = sweep.sum();
    } catch (LinuxException died) {
      return Optional.of(name + ": " + died.getMessage());
    }
    return sum == expected
        ? Optional.empty()
        : Optional.of(
            "%s read wrong bytes: the first words of its pages add up to 0x%x, not to 0x%x"
                .formatted(name, sum, expected));
  }
}
