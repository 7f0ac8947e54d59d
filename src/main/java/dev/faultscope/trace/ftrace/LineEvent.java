package dev.faultscope.trace.ftrace;

import org.jspecify.annotations.Nullable;

/**
 * One line, taken apart. Mutable and reused: the parser fills it, the next line overwrites it.
 *
 * <p>Which numbers mean something depends on the kind: see {@link EventFields}.
 */
final class LineEvent {
  LineKind kind = LineKind.OTHER;
  long timeNs;
  int tid;

  /** The thread, if it is one of those followed. */
  @Nullable ThreadTrack thread;

  /** A switch: the thread that runs next, if it is one of those followed. */
  @Nullable ThreadTrack nextThread;

  /** The thread's name in the buffer. */
  int commStart;

  int commEnd;

  /** Faulting address, call's first argument, start of the hole, or the frame's address. */
  long address;

  /** Error code, command, return value, or length. */
  long value;

  /** The length an ioctl names, 0 where the line does not say. */
  long length;

  /** The third word of an ioctl's argument: its mode where the struct has it there. */
  long mode;

  /** Whether {@link #address} and {@link #length} of an ioctl are known. */
  boolean argumentsKnown;

  /** vCPU number, -1 where the line has none. */
  int vcpu;

  /** {@link dev.faultscope.model.ExitReason} or {@link dev.faultscope.model.HoleKind} code. */
  int detail;

  boolean write;
  boolean kernelMode;
  boolean fetch;

  /** The page-table entry was there: a protection fault. */
  boolean present;

  /** The access was made with page faults disabled: the kernel falls back and never sleeps. */
  boolean mayNotSleep;

  /** A switch: the thread that runs next. */
  int nextTid;

  /** A switch: the first letter of the state the previous thread is left in. */
  byte leftState;

  void reset() {
    kind = LineKind.OTHER;
    address = 0;
    value = 0;
    length = 0;
    mode = 0;
    argumentsKnown = false;
    vcpu = -1;
    detail = 0;
    write = false;
    kernelMode = false;
    fetch = false;
    present = false;
    mayNotSleep = false;
    nextTid = -1;
    leftState = 0;
  }
}
