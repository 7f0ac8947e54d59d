package dev.faultscope.trace.ftrace;

import dev.faultscope.model.ActorKind;
import dev.faultscope.model.Event;
import org.jspecify.annotations.Nullable;

/**
 * One thread of the trace, as three readers see it that follow each other at a distance: the one
 * that links lines, the one that decides, the one that tells.
 */
final class ThreadTrack {
  final int tid;
  final String name;

  // Linking.
  @Nullable PendingFault newest;
  @Nullable Call openCall;
  boolean inHole;
  @Nullable Line walk;

  /** Index of the line that left the guest for memory, -1 where its fault is known. */
  long exit = -1;

  // Deciding.
  @Nullable PendingFault lastRefused;
  @Nullable PendingFault lastAnswered;

  // Telling.
  int actor = Event.NONE;
  ActorKind kind = ActorKind.THREAD;
  int vcpu = -1;
  @Nullable PendingFault asleep;
  @Nullable PendingFault woken;
  long lastExit;
  @Nullable StageTwoTrack stageTwo;

  /** The fault of its own that the host resolves. */
  @Nullable PendingFault inHost;

  ThreadTrack(int tid, String name) {
    this.tid = tid;
    this.name = name;
    vcpu = vcpuOfName(name);
    if (vcpu >= 0) {
      kind = ActorKind.VCPU;
    }
  }

  /** {@return what it is in the middle of with a stage 2} */
  StageTwoTrack stageTwo() {
    StageTwoTrack track = stageTwo;
    if (track == null) {
      track = new StageTwoTrack();
      stageTwo = track;
    }
    return track;
  }

  /** QEMU, Firecracker and this project's recorder name their vCPU threads by number. */
  private static int vcpuOfName(String name) {
    String number = "";
    if (name.startsWith("CPU ") && name.endsWith("/KVM")) {
      number = name.substring(4, name.length() - 4);
    } else if (name.startsWith("fc_vcpu ")) {
      number = name.substring(8);
    } else if (name.startsWith("vcpu-")) {
      number = name.substring(5);
    }
    boolean digits = !number.isEmpty() && number.length() <= 5;
    for (int i = 0; i < number.length(); i++) {
      digits &= Character.isDigit(number.charAt(i));
    }
    return digits ? Integer.parseInt(number) : -1;
  }
}
