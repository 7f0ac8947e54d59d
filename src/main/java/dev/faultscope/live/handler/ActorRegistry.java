package dev.faultscope.live.handler;

import dev.faultscope.live.attach.ThreadNames;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.timeline.Recorder;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Gives threads their lanes. Where messages carry no thread id, each fault that waits gets a lane
 * of its own, the lowest free: a thread waits for one fault at a time, but which thread it is
 * cannot be told.
 */
final class ActorRegistry {
  private static final int MOST_ANONYMOUS = 256;
  private static final int MOST_THREADS = 8192;

  private final Recorder recorder;
  private final int pid;
  private final Map<Integer, Integer> threads = new HashMap<>();
  private final int[] anonymous = new int[MOST_ANONYMOUS];
  private final BitSet taken = new BitSet(MOST_ANONYMOUS);
  private int next;
  private int anonymousCount;
  private int lastThread;
  private int lastIndex;

  ActorRegistry(Recorder recorder, int firstIndex, int pid) {
    this.recorder = recorder;
    this.next = firstIndex;
    this.pid = pid;
  }

  int declare(ActorKind kind, String name, int tid, int vcpu) {
    recorder.actor(new Actor(next, kind, name, tid, vcpu));
    return next++;
  }

  /** {@return the lane of whoever sent a message}; {@link #release} it when the fault is over. */
  int of(int threadId) {
    if (threadId == 0) {
      return nameless();
    }
    if (threadId != lastThread) {
      if (threads.size() >= MOST_THREADS) {
        return nameless();
      }
      lastIndex = named(threadId);
      lastThread = threadId;
    }
    return lastIndex;
  }

  private int named(int threadId) {
    Integer known = threads.get(threadId);
    if (known != null) {
      return known;
    }
    String name = ThreadNames.of(pid, threadId);
    int vcpu = ThreadNames.vcpu(name);
    int index = declare(vcpu < 0 ? ActorKind.THREAD : ActorKind.VCPU, name, threadId, vcpu);
    threads.put(threadId, index);
    return index;
  }

  private int nameless() {
    int lane = Math.min(taken.nextClearBit(0), MOST_ANONYMOUS - 1);
    taken.set(lane);
    if (lane == anonymousCount) {
      anonymous[lane] = declare(ActorKind.THREAD, "waiter " + (lane + 1), -1, -1);
      anonymousCount++;
    }
    return anonymous[lane];
  }

  /** The fault of an actor is over. */
  void release(int actor) {
    for (int lane = 0; lane < anonymousCount; lane++) {
      if (anonymous[lane] == actor) {
        taken.clear(lane);
      }
    }
  }
}
