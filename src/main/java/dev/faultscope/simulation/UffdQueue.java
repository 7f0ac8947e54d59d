package dev.faultscope.simulation;

import dev.faultscope.scenario.Cost;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.simulation.time.SerialLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A userfaultfd in time: its queue lock, which every fault takes to queue, to be read and to be
 * woken, and the readers asleep at it.
 */
final class UffdQueue {
  /** A fault takes the queue lock when it is queued, when it is read and when it is answered. */
  private static final int TIMES_LOCKED = 3;

  private final Scheduler scheduler;
  private final Userfaultfd uffd;
  private final SerialLock lock = new SerialLock();
  private final List<Reader> readers = new ArrayList<>();
  private final Deque<Reader> asleep = new ArrayDeque<>();
  private long lockNs;

  UffdQueue(Scheduler scheduler, Userfaultfd uffd) {
    this.scheduler = scheduler;
    this.uffd = uffd;
    setLockTime();
  }

  private void setLockTime() {
    int others = Math.max(0, readers.size() - 1);
    long percent = 100 + (long) scheduler.costs().readerPenalty() * others;
    lockNs = scheduler.costs().ns(Cost.UFFD_LOCK) * percent / 100 / TIMES_LOCKED;
  }

  Userfaultfd uffd() {
    return uffd;
  }

  void add(Reader reader) {
    readers.add(reader);
    setLockTime();
  }

  void remove(Reader reader) {
    readers.remove(reader);
    asleep.remove(reader);
    setLockTime();
  }

  List<Reader> readers() {
    return readers;
  }

  /** Takes the queue lock once. {@return when it is free again} */
  long lock(long fromNs) {
    return lock.hold(fromNs, lockNs);
  }

  /** Somebody queues a message; it can be read once the lock is free again. */
  void queued(long trappedNs) {
    long readableNs = lock(trappedNs);
    Reader reader = asleep.poll();
    if (reader != null) {
      reader.wake(readableNs);
    }
  }

  /** A reader has nothing to do until something is queued. */
  void sleep(Reader reader) {
    asleep.add(reader);
  }

  /** Handlers answer by themselves again. */
  void letGo() {
    readers.forEach(Reader::letGo);
  }
}
