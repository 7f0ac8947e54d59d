package dev.faultscope.simulation.kernel;

import dev.faultscope.model.AccessOrigin;
import org.jspecify.annotations.Nullable;

/** A thread: what it does now, how its last access or system call ended. */
public final class Task {
  /** Where it is. */
  public enum State {
    /** Nothing to do. */
    IDLE,
    /** Woken, to run again. */
    READY,
    /** Asleep in a fault. */
    BLOCKED,
    /** Asleep until an event of its system call is read. */
    BLOCKED_IN_EVENT,
    EXITED
  }

  /** How something ended. */
  public enum Ending {
    NONE,
    DONE,
    SIGBUS,
    SIGSEGV,
    FAILED,
    /** A vCPU's KVM_RUN returned to the VMM. */
    EXITED_TO_VMM
  }

  private final String name;
  private final int tid;
  private final int actor;
  final Mm mm;

  State state = State.IDLE;
  @Nullable Work work;
  @Nullable Waiter waiter;

  // The access it makes. Kept in the thread so that millions of faults allocate little.
  long address;
  boolean write;
  int value;
  AccessOrigin origin = AccessOrigin.USER;
  boolean mayWait = true;
  boolean interruptible = true;

  /** Whether the access it makes has slept, so that the next try is a retry. */
  boolean slept;

  /** When the fault that it sleeps in began, and how long all those before took. */
  long asleepSinceNs;

  long stallNs;

  boolean signalPending;
  int signalsHandled;

  Ending ending = Ending.NONE;
  int result;

  /** How many bytes its access is of; 0 where it makes none, as when memory is populated. */
  int bytes = 1;

  /** Whether its access is only to be mapped, by who will make it another way. */
  boolean faultsIn;

  /** Whether an event says already what its access saw or wrote. */
  boolean told;

  /** Sequence number of the last event of what it does: the cause of the next. */
  long cause;

  /** Sequence number of the message it read last, where it is a handler. */
  long lastRead;

  /**
   * Says why it makes its next calls: the event, or 0 for no reason that is recorded; until it
   * reads another message.
   */
  public void actsBecauseOf(long sequence) {
    lastRead = sequence;
  }

  Task(String name, int tid, int actor, Mm mm) {
    this.name = name;
    this.tid = tid;
    this.actor = actor;
    this.mm = mm;
  }

  public String name() {
    return name;
  }

  public int tid() {
    return tid;
  }

  public int actor() {
    return actor;
  }

  public Mm mm() {
    return mm;
  }

  public State state() {
    return state;
  }

  public boolean isAsleep() {
    return state == State.BLOCKED || state == State.BLOCKED_IN_EVENT;
  }

  public Ending ending() {
    return ending;
  }

  /** {@return the byte it saw, what its system call returned, or the errno of a failure} */
  public int result() {
    return result;
  }

  /** {@return nanoseconds that it waited for faults, up to the last that it woke from} */
  public long stallNs() {
    return stallNs;
  }

  /** Adds time that it waited for a fault that no userfaultfd saw. */
  public void addStall(long ns) {
    stallNs += ns;
  }

  public int signalsHandled() {
    return signalsHandled;
  }

  boolean isKernelMode() {
    return origin != AccessOrigin.USER && origin != AccessOrigin.VMM;
  }

  /** {@return whether a signal waits to be handled} */
  public boolean isSignalPending() {
    return signalPending;
  }

  /** Stops in the middle of what it does in the kernel, to go on when it is resumed. */
  public void pause() {
    state = State.READY;
  }

  /**
   * Ends what it is in the middle of; a pending signal is handled now.
   *
   * @param with the byte that an access saw, the result of a call, or the errno of a failure
   */
  public void end(Ending how, int with) {
    work = null;
    slept = false;
    ending = how;
    result = with;
    if (state != State.EXITED) {
      state = State.IDLE;
    }
    if (signalPending) {
      signalPending = false;
      signalsHandled++;
    }
  }
}
