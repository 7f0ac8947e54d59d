package dev.faultscope.live.watch;

import dev.faultscope.linux.SleepingThread;
import dev.faultscope.live.attach.ThreadNames;
import dev.faultscope.live.origin.OriginCounts;
import dev.faultscope.live.origin.StackOrigin;
import dev.faultscope.model.Actor;
import dev.faultscope.model.ActorKind;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The threads that slept in handle_userfault at the last sample, oldest sleep first. */
final class SleepingThreads {
  private static final int MOST_LANES = 8192;

  private final int pid;
  private final WatchJournal journal;
  private final int handler;
  private final Map<Integer, Integer> lanes = new HashMap<>();
  private final Map<Integer, Sleep> asleep = new LinkedHashMap<>();
  private final OriginCounts origins = new OriginCounts();
  private int actors;
  private long waits;
  private boolean lanesFull;

  private static final class Sleep {
    private final int actor;
    private final long switches;
    private final long enqueue;
    private final int fault;
    private boolean read;

    Sleep(int actor, long switches, long enqueue, int fault) {
      this.actor = actor;
      this.switches = switches;
      this.enqueue = enqueue;
      this.fault = fault;
    }
  }

  SleepingThreads(int pid, WatchJournal journal) {
    this.pid = pid;
    this.journal = journal;
    handler = declare(ActorKind.HANDLER, "handler", -1, -1);
  }

  private int declare(ActorKind kind, String name, int tid, int vcpu) {
    journal.recorder().actor(new Actor(actors, kind, name, tid, vcpu));
    return actors++;
  }

  int count() {
    return asleep.size();
  }

  long waits() {
    return waits;
  }

  Map<String, Long> origins() {
    return origins.all();
  }

  /**
   * Writes who fell asleep and who woke since the last sample.
   *
   * @param fault flags of the kind of every fault there can be
   * @param reads how many faults were read and not answered, or -1 where it cannot be told whose
   */
  void sample(List<SleepingThread> threads, int fault, long reads, long time) {
    Map<Integer, SleepingThread> now = new HashMap<>();
    threads.forEach(thread -> now.put(thread.tid(), thread));
    for (Map.Entry<Integer, Sleep> before : List.copyOf(asleep.entrySet())) {
      SleepingThread thread = now.get(before.getKey());
      if (thread == null || thread.switches() != before.getValue().switches) {
        woke(before.getKey(), before.getValue(), time);
      }
    }
    for (SleepingThread thread : threads) {
      if (!asleep.containsKey(thread.tid())) {
        fellAsleep(thread, fault, time);
      }
    }
    markRead(reads, time);
  }

  /** Everybody wakes: the process ended, or the watch does. */
  void end(long time) {
    for (Map.Entry<Integer, Sleep> each : new ArrayList<>(asleep.entrySet())) {
      woke(each.getKey(), each.getValue(), time);
    }
  }

  private void fellAsleep(SleepingThread thread, int fault, long time) {
    Integer lane = lane(thread.tid(), time);
    if (lane == null) {
      return;
    }
    StackOrigin origin = StackOrigin.of(thread.stack());
    String found = origins.add(origin);
    if (!found.isEmpty()) {
      journal.note(found, time);
    }
    int access = EventFlags.ACCESS_UNKNOWN;
    long touch =
        journal.append(
            journal
                .unplaced(EventKind.TOUCH, time, access)
                .detail(origin.origin().code())
                .actor(lane));
    long enqueue =
        journal.append(
            journal.unplaced(EventKind.ENQUEUE, time, access | fault).actor(lane).cause(touch));
    asleep.put(thread.tid(), new Sleep(lane, thread.switches(), enqueue, fault));
    waits++;
  }

  private void woke(int tid, Sleep sleep, long time) {
    journal.append(journal.unplaced(EventKind.WAKE, time).actor(sleep.actor).cause(sleep.enqueue));
    asleep.remove(tid);
  }

  /** The kernel hands messages out in the order they came: the oldest sleeps are those read. */
  private void markRead(long reads, long time) {
    long marked = 0;
    for (Sleep sleep : asleep.values()) {
      if (marked >= reads) {
        return;
      }
      marked++;
      if (!sleep.read) {
        sleep.read = true;
        journal.append(
            journal
                .unplaced(EventKind.READ, time, sleep.fault)
                .actor(handler)
                .cause(sleep.enqueue));
      }
    }
  }

  private @Nullable Integer lane(int tid, long time) {
    Integer known = lanes.get(tid);
    if (known == null && lanes.size() == MOST_LANES) {
      if (!lanesFull) {
        lanesFull = true;
        journal.note("only the first " + MOST_LANES + " threads have a lane", time);
      }
      return null;
    }
    if (known == null) {
      String name = ThreadNames.of(pid, tid);
      int vcpu = ThreadNames.vcpu(name);
      known = declare(vcpu < 0 ? ActorKind.THREAD : ActorKind.VCPU, name, tid, vcpu);
      lanes.put(tid, known);
    }
    return known;
  }
}
