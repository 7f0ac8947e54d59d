package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.timeline.Moment.Activity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fault queue and the actors, folded event by event as {@link Moment} says.
 *
 * <p>An actor is blocked exactly while it has an entry, so an entry's sequence and time are its
 * actor's.
 */
final class Fold {
  private static final int UNKNOWN = Activity.UNKNOWN.ordinal();
  private static final int RUNNING = Activity.RUNNING.ordinal();
  private static final int BLOCKED = Activity.BLOCKED.ordinal();
  private static final int HANDLING = Activity.HANDLING.ordinal();
  private static final int IDLE = Activity.IDLE.ordinal();
  private static final int KERNEL = Activity.KERNEL.ordinal();
  private static final int VMM = Activity.VMM.ordinal();
  private static final int KIND_ENQUEUE = EventKind.ENQUEUE.code();
  private static final int KIND_READ = EventKind.READ.code();
  private static final int KIND_CALL = EventKind.CALL.code();
  private static final int KIND_IOCTL = EventKind.IOCTL.code();
  private static final int KIND_WAKE = EventKind.WAKE.code();
  private static final int KIND_KERNEL = EventKind.KERNEL.code();
  private static final int SLEEPS = KernelEventKind.SCHED_OUT_SLEEP.code();
  private static final int ENDS = KernelEventKind.THREAD_EXIT.code();
  private static final int RUNS = KernelEventKind.SCHED_IN.code();
  private static final int PREEMPTED = KernelEventKind.SCHED_OUT_PREEMPTED.code();
  private static final int KIND_EXIT = EventKind.EXIT.code();
  private static final int ENTERS_GUEST = ExitReason.ENTRY.code();
  private static final int MMIO_HANDLED = ExitReason.MMIO_ACCESS.code();

  private static final List<Activity> ACTIVITIES = List.of(Activity.values());

  /** What faults wait for, by the two bits that say so. */
  private static final FaultOrigin[] ORIGINS = {
    FaultOrigin.UFFD, FaultOrigin.STAGE2, FaultOrigin.KVM, FaultOrigin.HOST
  };

  /** Activities that a saved moment names; what lies beyond them is told by the bits. */
  private static final int SAVED_ACTIVITIES = 5;

  /** The actor's scheduler events are recorded. */
  private static final int SCHEDULED = 4;

  /** The actor is a vCPU in its guest. */
  private static final int IN_GUEST = 8;

  /** What the actor's latest fault waits for, an index of {@link #ORIGINS}. */
  private static final int ORIGIN_SHIFT = 4;

  private static final int ORIGIN = 3 << ORIGIN_SHIFT;

  /** The actor is a vCPU that left its guest, and is in KVM as far as is told. */
  private static final int LEFT_GUEST = 64;

  /** The actor is a vCPU whose VMM has it. */
  private static final int IN_VMM = 128;

  /** Was written by version 1 for who had read a message or entered an ioctl. */
  private static final int FORMER_HANDLER = 1;

  /** The actor's entry was read. */
  private static final int READ = 2;

  /** Bytes of one actor in {@link #write}. */
  private static final int SAVED_BYTES = 32;

  private int actors;
  private byte[] activity = new byte[8];
  private byte[] bits = new byte[8];
  private char[] flags = new char[8];
  private char[] region = new char[8];
  private char[] handler = new char[8];
  private int[] page = new int[8];
  private long[] since = new long[8];
  private long[] madeBy = new long[8];
  private final FaultQueue queue = new FaultQueue();
  private long position;
  private long timeNs;
  private long latencyNs = -1;
  private long endedNs = -1;

  /** {@return the moment folded up to} */
  long position() {
    return position;
  }

  long timeNs() {
    return timeNs;
  }

  /** {@return how many faults wait, read or not} */
  int depth() {
    return queue.size();
  }

  /** {@return how long the actor the last event woke had been blocked, or -1} */
  long latencyNs() {
    return latencyNs;
  }

  /**
   * {@return how long the actor of the last event had waited for a fault when it began to wait for
   * another, or -1}
   */
  long endedNs() {
    return endedNs;
  }

  /** {@return one more than the highest actor seen} */
  int actors() {
    return actors;
  }

  /** {@return the ordinal of what an actor below {@link #actors} does} */
  int activityOf(int actor) {
    int doing = activity[actor];
    return doing == BLOCKED && (bits[actor] & ORIGIN) != 0 ? KERNEL : doing;
  }

  private FaultOrigin originOf(int actor) {
    return ORIGINS[(bits[actor] & ORIGIN) >> ORIGIN_SHIFT];
  }

  /** {@return the event that had an actor below {@link #actors} do that} */
  long madeBy(int actor) {
    return madeBy[actor];
  }

  boolean isBlocked(int actor) {
    return activity[actor] == BLOCKED;
  }

  long sinceNs(int actor) {
    return since[actor];
  }

  void apply(long sequence, long time, long pages, long change, long who) {
    position = sequence;
    timeNs = time;
    latencyNs = -1;
    endedNs = -1;
    int kind = Records.kind(who);
    int actor = Records.actor(who);
    if (kind == KIND_READ) {
      markRead(sequence - Records.causeDistance(change), actor);
    }
    if (actor == Event.NONE) {
      return;
    }
    if (actor >= actors) {
      grow(actor);
    }
    if (kind == KIND_ENQUEUE) {
      enqueue(actor, sequence, pages, who);
    } else if (kind == KIND_WAKE) {
      wake(actor, sequence);
    } else if (kind == KIND_READ || kind == KIND_CALL) {
      become(actor, HANDLING, sequence);
    } else if (kind == KIND_KERNEL) {
      scheduler(actor, Records.detail(who), sequence);
    } else {
      if (kind == KIND_EXIT) {
        guest(actor, Records.detail(who));
      }
      if (kind == KIND_IOCTL || activity[actor] != HANDLING) {
        become(actor, atLarge(actor), sequence);
      }
    }
  }

  private void scheduler(int actor, int what, long sequence) {
    boolean sleeps = what == SLEEPS;
    if (sleeps || what == RUNS || what == PREEMPTED) {
      bits[actor] |= SCHEDULED;
    }
    if (sleeps || what == ENDS) {
      become(actor, IDLE, sequence);
    } else if (activity[actor] != HANDLING) {
      become(actor, atLarge(actor), sequence);
    }
  }

  private void guest(int actor, int reason) {
    boolean wasInGuest = (bits[actor] & IN_GUEST) != 0;
    boolean hadLeft = (bits[actor] & (LEFT_GUEST | IN_VMM)) != 0;
    bits[actor] &= ~(IN_GUEST | (reason == MMIO_HANDLED ? 0 : LEFT_GUEST | IN_VMM));
    if (reason == ENTERS_GUEST) {
      bits[actor] |= IN_GUEST;
    } else if ((bits[actor] & ORIGIN) != 0 && reason != MMIO_HANDLED) {
      // Where KVM's own faults are told, so is what else keeps a vCPU from its guest.
      bits[actor] |= !wasInGuest && hadLeft && goesToVmm(reason) ? IN_VMM : LEFT_GUEST;
    }
  }

  private static boolean goesToVmm(int reason) {
    return switch (ExitReason.ofCode(reason)) {
      case STAGE2_FAULT, STAGE2_MISCONFIG, INTERRUPT, MMIO_ACCESS, ENTRY -> false;
      case UNKNOWN,
          EXCEPTION,
          IO,
          DEBUG,
          HLT,
          MMIO,
          SHUTDOWN,
          FAIL_ENTRY,
          INTR,
          INTERNAL_ERROR,
          MEMORY_FAULT,
          RESTART,
          ERROR ->
          true;
    };
  }

  /** What an actor does that is neither blocked, handling nor idle. */
  private int atLarge(int actor) {
    if ((bits[actor] & (IN_VMM | LEFT_GUEST)) != 0) {
      return (bits[actor] & IN_VMM) != 0 ? VMM : UNKNOWN;
    }
    return (bits[actor] & (SCHEDULED | IN_GUEST)) != 0 ? RUNNING : UNKNOWN;
  }

  Moment moment(int declared) {
    List<Moment.Entry> entries = new ArrayList<>(depth());
    queue.forEach(
        (sequence, actor) ->
            entries.add(
                new Moment.Entry(
                    sequence,
                    actor,
                    region[actor],
                    page[actor],
                    flags[actor],
                    since[actor],
                    phaseOf(actor),
                    handler[actor],
                    originOf(actor))));
    List<Moment.Doing> doings = new ArrayList<>(declared);
    for (int actor = 0; actor < declared; actor++) {
      doings.add(
          actor < actors
              ? new Moment.Doing(ACTIVITIES.get(activityOf(actor)), since[actor], madeBy[actor])
              : new Moment.Doing(Activity.UNKNOWN, 0, 0));
    }
    return new Moment(position, timeNs, List.copyOf(entries), List.copyOf(doings));
  }

  private Moment.Phase phaseOf(int actor) {
    if ((bits[actor] & ORIGIN) != 0) {
      return Moment.Phase.KERNEL;
    }
    return (bits[actor] & READ) != 0 ? Moment.Phase.READ : Moment.Phase.PENDING;
  }

  void write(ChunkWriter to) {
    int seen = 0;
    for (int actor = 0; actor < actors; actor++) {
      if (isSeen(actor)) {
        seen++;
      }
    }
    to.i64(position).i64(timeNs).i32(seen);
    for (int actor = 0; actor < actors; actor++) {
      if (isSeen(actor)) {
        int doing = activity[actor] < SAVED_ACTIVITIES ? activity[actor] : UNKNOWN;
        to.u16(actor).u16(handler[actor]).u16(region[actor]).u8(doing).u8(bits[actor] & 0xff);
        to.i32(page[actor]).i32(flags[actor]).i64(since[actor]).i64(madeBy[actor]);
      }
    }
  }

  private boolean isSeen(int actor) {
    return activity[actor] != UNKNOWN || bits[actor] != 0 || madeBy[actor] != 0;
  }

  /** Reads what {@link #write} wrote, of a timeline with so many actors and regions. */
  static Fold read(ChunkReader from, int declared, int regions) {
    Fold fold = new Fold();
    fold.position = from.i64();
    fold.timeNs = from.i64();
    int seen = from.count(SAVED_BYTES);
    for (int i = 0; i < seen; i++) {
      int actor = from.u16();
      if (actor >= declared || (actor < fold.actors && fold.isSeen(actor))) {
        throw from.damaged("actor " + actor + " of a saved moment cannot be");
      }
      if (actor >= fold.actors) {
        fold.grow(actor);
      }
      fold.handler[actor] = (char) from.u16();
      fold.region[actor] = (char) from.u16();
      int doing = from.u8();
      if (doing >= SAVED_ACTIVITIES) {
        throw from.damaged("activity " + doing + " of a saved moment is not known");
      }
      // Only who waits names a region: version 1 has 0 for the others, which need not be declared.
      if (doing == BLOCKED
          && !(isKnown(fold.handler[actor], declared) && isKnown(fold.region[actor], regions))) {
        throw from.damaged("a saved moment names a handler or region that was not declared");
      }
      fold.activity[actor] = (byte) doing;
      fold.bits[actor] = (byte) (from.u8() & ~FORMER_HANDLER);
      if (doing == RUNNING || doing == UNKNOWN && (fold.bits[actor] & IN_VMM) != 0) {
        // Earlier writers took everybody to run of whom they did not know better.
        fold.activity[actor] = (byte) fold.atLarge(actor);
      }
      fold.page[actor] = from.i32();
      fold.flags[actor] = (char) from.i32();
      fold.since[actor] = from.i64();
      fold.madeBy[actor] = from.i64();
    }
    if (!fold.requeue()) {
      throw from.damaged("the fault queue of a saved moment cannot be");
    }
    return fold;
  }

  private static boolean isKnown(int index, int declared) {
    return index == Event.NONE || index < declared;
  }

  /** Passes over what {@link #write} wrote. */
  static void skip(ChunkReader from) {
    from.i64();
    from.i64();
    from.skip((long) from.count(SAVED_BYTES) * SAVED_BYTES);
  }

  Fold copy() {
    Fold copy = new Fold();
    copy.actors = actors;
    copy.activity = activity.clone();
    copy.bits = bits.clone();
    copy.flags = flags.clone();
    copy.region = region.clone();
    copy.handler = handler.clone();
    copy.page = page.clone();
    copy.since = since.clone();
    copy.madeBy = madeBy.clone();
    copy.position = position;
    copy.timeNs = timeNs;
    copy.latencyNs = latencyNs;
    copy.requeue();
    return copy;
  }

  private boolean requeue() {
    int[] blocked = new int[actors];
    int n = 0;
    for (int actor = 0; actor < actors; actor++) {
      if (activity[actor] == BLOCKED) {
        blocked[n++] = actor;
      }
    }
    long[] order = new long[n];
    for (int i = 0; i < n; i++) {
      order[i] = madeBy[blocked[i]];
    }
    Arrays.sort(order);
    for (int i = 0; i < n; i++) {
      if (order[i] < 1 || order[i] > position || (i > 0 && order[i] == order[i - 1])) {
        return false;
      }
    }
    int[] who = new int[n];
    for (int i = 0; i < n; i++) {
      who[Arrays.binarySearch(order, madeBy[blocked[i]])] = blocked[i];
    }
    for (int i = 0; i < n; i++) {
      queue.add(order[i], who[i]);
    }
    return true;
  }

  private void enqueue(int actor, long sequence, long pages, long who) {
    if (activity[actor] == BLOCKED) {
      endedNs = timeNs - since[actor];
    }
    leaveQueue(actor);
    queue.add(sequence, actor);
    activity[actor] = (byte) BLOCKED;
    since[actor] = timeNs;
    madeBy[actor] = sequence;
    region[actor] = (char) Records.region(who);
    page[actor] = Records.firstPage(pages);
    flags[actor] = (char) Records.flags(who);
    handler[actor] = Event.NONE;
    bits[actor] = (byte) (bits[actor] & ~ORIGIN | originBits(Records.detail(who)));
  }

  private static int originBits(int detail) {
    return switch (FaultOrigin.ofCode(detail)) {
      case UFFD -> 0;
      case STAGE2 -> 1 << ORIGIN_SHIFT;
      case KVM -> 2 << ORIGIN_SHIFT;
      case HOST -> 3 << ORIGIN_SHIFT;
    };
  }

  private void wake(int actor, long sequence) {
    if (activity[actor] == BLOCKED) {
      latencyNs = timeNs - since[actor];
      leaveQueue(actor);
      madeBy[actor] = sequence;
      since[actor] = timeNs;
    }
    become(actor, atLarge(actor), sequence);
  }

  private void leaveQueue(int actor) {
    if (activity[actor] == BLOCKED) {
      queue.remove(madeBy[actor]);
      bits[actor] &= ~READ;
      activity[actor] = (byte) UNKNOWN;
      noFault(actor);
    }
  }

  private void markRead(long enqueued, int reader) {
    int sleeper = queue.actorOf(enqueued);
    if (sleeper >= 0) {
      bits[sleeper] |= READ;
      handler[sleeper] = (char) reader;
    }
  }

  private void become(int actor, int doing, long sequence) {
    if (activity[actor] != doing && activity[actor] != BLOCKED) {
      activity[actor] = (byte) doing;
      since[actor] = timeNs;
      madeBy[actor] = sequence;
    }
  }

  /** Says that an actor waits for no page. */
  private void noFault(int actor) {
    region[actor] = Event.NONE;
    handler[actor] = Event.NONE;
    page[actor] = 0;
    flags[actor] = 0;
  }

  private void grow(int actor) {
    int first = actors;
    actors = actor + 1;
    if (actor >= activity.length) {
      int size = Math.max(actor + 1, activity.length * 2);
      activity = Arrays.copyOf(activity, size);
      bits = Arrays.copyOf(bits, size);
      flags = Arrays.copyOf(flags, size);
      region = Arrays.copyOf(region, size);
      handler = Arrays.copyOf(handler, size);
      page = Arrays.copyOf(page, size);
      since = Arrays.copyOf(since, size);
      madeBy = Arrays.copyOf(madeBy, size);
    }
    for (int grown = first; grown < actors; grown++) {
      noFault(grown);
    }
  }
}
