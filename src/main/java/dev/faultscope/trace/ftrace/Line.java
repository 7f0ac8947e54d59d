package dev.faultscope.trace.ftrace;

import org.jspecify.annotations.Nullable;

/** A line held back in the {@link LineWindow}. Reused when the window has moved past it. */
final class Line {
  long index;
  LineKind kind = LineKind.OTHER;
  long timeNs;
  @Nullable ThreadTrack thread;

  /** A switch: the thread that runs next, if it is one of those followed. */
  @Nullable ThreadTrack nextThread;

  long address;
  long length;
  int detail;
  int vcpu;
  byte leftState;
  boolean write;
  boolean kernelMode;
  boolean fetch;
  boolean present;
  int errno;
  @Nullable PendingFault pending;

  /** Of an exit for memory: the line that says which fault it was. */
  @Nullable Line raises;

  @Nullable Call call;

  /** A call whose return is not in the trace and that must have ended before this line. */
  @Nullable Call ended;

  void set(long index, LineEvent event) {
    this.index = index;
    kind = event.kind;
    timeNs = event.timeNs;
    thread = event.thread;
    nextThread = event.nextThread;
    address = event.address;
    length = event.length;
    detail = event.detail;
    vcpu = event.vcpu;
    leftState = event.leftState;
    write = event.write;
    kernelMode = event.kernelMode;
    fetch = event.fetch;
    present = event.present;
    errno = 0;
    pending = null;
    raises = null;
    call = null;
    ended = null;
  }
}
