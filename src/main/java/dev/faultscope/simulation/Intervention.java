package dev.faultscope.simulation;

import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.Span;
import org.jspecify.annotations.Nullable;

/** Something that a person does to a simulation, beside what happens by itself. */
public sealed interface Intervention {

  /**
   * An ioctl of a userfaultfd on a range.
   *
   * @param mode its mode bits; WRITEPROTECT: 1 protects, 0 takes the protection off; REGISTER:
   *     MISSING 1, WP 2, MINOR 4
   * @param value COPY: the byte that every page is to hold, 0 to 255, or -1 for the page's number
   *     modulo 255
   * @param from COPY, MOVE: where the bytes or pages are, null for {@code value}
   */
  record Ioctl(String uffd, UffdIoctl ioctl, Span range, long mode, int value, @Nullable Place from)
      implements Intervention {}

  /** Reads the oldest message. */
  record ReadMessage(String uffd) implements Intervention {}

  /**
   * Lets the handler's policy answer one fault.
   *
   * @param fault sequence number of its ENQUEUE
   */
  record StepPolicy(long fault) implements Intervention {}

  /** Sends a thread a signal that it handles. */
  record Signal(String actor) implements Intervention {}

  /** fallocate(PUNCH_HOLE) of part of a mapping's file. */
  record PunchHole(Span range) implements Intervention {}

  /** madvise(MADV_DONTNEED) by a thread of its own. */
  record DontNeed(Span range) implements Intervention {}

  /** madvise(MADV_REMOVE) by a thread of its own. */
  record Remove(Span range) implements Intervention {}

  /** Ends a handler; its userfaultfd stays open, as the VMM has it too. */
  record KillHandler(String handler) implements Intervention {}

  /**
   * An access by a thread: one of the scenario's, where it is idle, or a new one.
   *
   * @param actor its name; null for a new thread
   */
  record Touch(@Nullable String actor, Place at, boolean write, int value)
      implements Intervention {}

  /** KVM itself writes the clock page of a vCPU, through the user mapping. */
  record KvmAccess(String vcpu, Place at) implements Intervention {}
}
