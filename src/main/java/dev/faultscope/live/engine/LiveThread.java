package dev.faultscope.live.engine;

import dev.faultscope.linux.LinuxException;
import dev.faultscope.linux.remote.RemoteCalls;
import dev.faultscope.linux.remote.RemoteThread;
import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.Observation;

/** A thread of a script: what it does, and what is seen of it. */
final class LiveThread {
  private static final int SIGBUS = 7;
  private static final int SIGSEGV = 11;

  /** What it was last asked for, which says what its result means. */
  enum Doing {
    NOTHING,
    LOAD,
    STORE,
    WRITE_CALL,
    READ_CALL,
    CALL,
    /** A call whose value is known; the thread has made another one to learn it. */
    DONE_CALL
  }

  private final String name;
  private final RemoteThread remote;
  private final long signalsBefore;
  private Doing doing = Doing.NOTHING;
  private int value;
  private int pipeRead = -1;
  private int pipeWrite = -1;
  private long signalsSent;
  private boolean storms;
  private long asleepSince;
  private long stallNs;
  private boolean exited;

  LiveThread(String name, RemoteThread remote) {
    this.name = name;
    this.remote = remote;
    signalsBefore = remote.signalsHandled();
  }

  RemoteThread remote() {
    return remote;
  }

  boolean storms() {
    return storms;
  }

  private void begins(Doing what) {
    if (!remote.isBorn()) {
      throw new IllegalStateException(
          "thread " + name + " is not there: the fork that makes it has not returned");
    }
    doing = what;
  }

  void load(long address) {
    begins(Doing.LOAD);
    remote.beginLoad(address);
  }

  void store(long address, int byteValue) {
    begins(Doing.STORE);
    value = byteValue;
    remote.beginStore(address, byteValue);
  }

  /** write(2) from the address into a pipe of this thread's own. */
  void writeFrom(long address) throws LinuxException {
    begins(Doing.WRITE_CALL);
    if (pipeRead < 0) {
      int[] pipe = new RemoteCalls(remote).pipe();
      pipeRead = pipe[0];
      pipeWrite = pipe[1];
    }
    new RemoteCalls(remote).beginWrite(pipeWrite, address, 1);
  }

  /** read(2) of one byte of a file that holds every byte at its own offset. */
  void readInto(long address, int byteValue, int everyByte) {
    begins(Doing.READ_CALL);
    value = byteValue;
    new RemoteCalls(remote).beginReadAt(everyByte, address, 1, byteValue);
  }

  /** Has begun a system call whose value says nothing. */
  RemoteCalls call() {
    begins(Doing.CALL);
    return new RemoteCalls(remote);
  }

  void forks() {
    begins(Doing.CALL);
  }

  void signal() throws LinuxException {
    signalsSent++;
    remote.signal();
  }

  void exit() throws LinuxException {
    remote.exit();
    exited = true;
  }

  /** Waits until it rests. A signal it cannot take keeps it from that. */
  void settle(long stormNs) throws LinuxException {
    if (exited || !remote.isBorn()) {
      return;
    }
    if (remote.signalsHandled() - signalsBefore < signalsSent) {
      RemoteThread.Rest rest = remote.awaitRestOrStorm(stormNs);
      storms = rest == null;
      if (rest == RemoteThread.Rest.IDLE) {
        remote.awaitSignals(signalsBefore + signalsSent);
      }
    } else {
      storms = false;
      remote.awaitRest();
    }
    measureStall();
  }

  /** From when it was first found asleep to when it was found done. */
  private void measureStall() {
    if (!remote.isBusy()) {
      stallNs += asleepSince == 0 ? 0 : System.nanoTime() - asleepSince;
      asleepSince = 0;
    } else if (asleepSince == 0) {
      asleepSince = System.nanoTime();
    }
  }

  /** {@return nanoseconds that it was seen asleep so far} */
  long stallNs() {
    return stallNs + (asleepSince == 0 ? 0 : System.nanoTime() - asleepSince);
  }

  Observation look() throws LinuxException {
    Observation.Builder seen = Observation.of();
    seen.number(Fact.SIGNALS, remote.signalsHandled() - signalsBefore);
    if (exited) {
      return seen.word(Fact.STATE, "exited").build();
    }
    if (remote.isBusy()) {
      return seen.word(Fact.STATE, "blocked").build();
    }
    if (doing == Doing.NOTHING) {
      return seen.word(Fact.STATE, "none").build();
    }
    if (remote.fatalSignal() == SIGBUS) {
      return seen.word(Fact.STATE, "sigbus").build();
    }
    if (remote.fatalSignal() == SIGSEGV) {
      return seen.word(Fact.STATE, "sigsegv").build();
    }
    long result = remote.result();
    boolean isCall =
        switch (doing) {
          case WRITE_CALL, READ_CALL, CALL -> true;
          case NOTHING, LOAD, STORE, DONE_CALL -> false;
        };
    if (result < 0 && isCall) {
      return seen.word(Fact.STATE, "failed").word(Fact.ERRNO, Errno.nameOf((int) -result)).build();
    }
    return seen.word(Fact.STATE, "done").number(Fact.VALUE, value()).build();
  }

  private int value() throws LinuxException {
    return switch (doing) {
      case LOAD -> (int) remote.result();
      case STORE, READ_CALL, DONE_CALL -> value;
      case WRITE_CALL -> {
        int read = new RemoteCalls(remote).readByte(pipeRead);
        doing = Doing.DONE_CALL;
        value = Math.max(0, read);
        yield value;
      }
      case NOTHING, CALL -> 0;
    };
  }
}
