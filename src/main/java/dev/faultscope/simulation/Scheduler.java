package dev.faultscope.simulation;

import dev.faultscope.scenario.Cost;
import dev.faultscope.scenario.Costs;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.SimClock;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.simulation.time.EventQueue;
import dev.faultscope.simulation.time.SerialLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes a machine run in simulated time: the queue of events, the locks that things queue for,
 * and who is told when the kernel wakes a thread or has a message.
 */
final class Scheduler implements Kernel.WakeListener {
  private final Kernel kernel;
  private final SimClock clock;
  private final EventQueue events = new EventQueue();
  private final SerialLock mmLock = new SerialLock();
  private final Map<Userfaultfd, UffdQueue> desks = new IdentityHashMap<>();
  private final Costs costs;
  private final FolioLocks folioLocks;
  private final long folioMask;
  private final long trapNs;
  private final long wakeNs;
  private final long mmLockNs;
  private @Nullable Sleeper[] sleepers = new @Nullable Sleeper[64];
  private @Nullable UffdQueue lastDesk;
  private long wakeFromNs;
  private boolean manual;
  private @Nullable List<Integer> woke;

  /**
   * @param folioLock whether mapping a page takes its folio's lock
   * @param folioBytes size of the largest folio
   */
  Scheduler(Kernel kernel, Costs costs, boolean folioLock, long folioBytes) {
    this.kernel = kernel;
    clock = kernel.clock();
    this.costs = costs;
    trapNs = costs.ns(Cost.TRAP);
    wakeNs = costs.ns(Cost.WAKE);
    mmLockNs = costs.ns(Cost.MM_LOCK);
    folioLocks = new FolioLocks(folioLock ? costs.ns(Cost.FOLIO_LOCK) : 0);
    folioMask = -folioBytes;
    kernel.listener(this);
  }

  Kernel kernel() {
    return kernel;
  }

  EventQueue events() {
    return events;
  }

  Costs costs() {
    return costs;
  }

  long nowNs() {
    return clock.nowNs();
  }

  /** Does what comes next. {@return whether there was something} */
  boolean advance() {
    if (events.isEmpty()) {
      return false;
    }
    clock.advanceTo(events.nextNs());
    events.next().act();
    return true;
  }

  /** Lets time pass up to a moment at which nobody acts. */
  void passTo(long ns) {
    clock.advanceTo(ns);
  }

  /** {@return whether handlers wait to be told what to answer} */
  boolean isManual() {
    return manual;
  }

  void manual(boolean on) {
    manual = on;
    if (!on) {
      desks.values().forEach(UffdQueue::letGo);
    }
  }

  /**
   * Takes the locks of the address space, and that of a folio where the kernel has it, to map a
   * page. {@return when they are let go}
   */
  long changePageTable(long address) {
    return folioLocks.hold(address & folioMask, mmLock.hold(nowNs(), mmLockNs));
  }

  // Who is who

  /** Makes an agent the one who acts for a thread. */
  void add(Sleeper sleeper) {
    int actor = sleeper.task().actor();
    if (actor >= sleepers.length) {
      sleepers = Arrays.copyOf(sleepers, Math.max(actor + 1, sleepers.length * 2));
    }
    sleepers[actor] = sleeper;
  }

  private Sleeper sleeper(Task task) {
    int actor = task.actor();
    Sleeper known = actor < sleepers.length ? sleepers[actor] : null;
    if (known == null) {
      known = new Sleeper(this, task);
      add(known);
    }
    return known;
  }

  /** {@return the queue of a userfaultfd, with who reads it} */
  UffdQueue desk(Userfaultfd uffd) {
    UffdQueue last = lastDesk;
    if (last == null || last.uffd() != uffd) {
      last = desks.computeIfAbsent(uffd, each -> new UffdQueue(this, each));
      lastDesk = last;
    }
    return last;
  }

  // Told by the kernel

  @Override
  public void woken(Task task) {
    if (woke != null) {
      woke.add(task.actor());
    }
    Sleeper sleeper = sleeper(task);
    events.cancel(sleeper);
    events.schedule(sleeper, Math.max(wakeFromNs, nowNs()) + wakeNs);
  }

  @Override
  public void readable(Userfaultfd uffd) {
    desk(uffd).queued(nowNs() + trapNs);
  }

  /** {@return who is woken by what is done now, in order} */
  List<Integer> wokenBy(Runnable what) {
    List<Integer> collected = new ArrayList<>();
    woke = collected;
    try {
      what.run();
    } finally {
      woke = null;
    }
    return collected;
  }

  /** Who is woken from now on is so at that time; an earlier one means at once. */
  void wakeFrom(long ns) {
    wakeFromNs = ns;
  }
}
