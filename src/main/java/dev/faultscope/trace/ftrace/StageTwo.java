package dev.faultscope.trace.ftrace;

import static dev.faultscope.model.Region.PAGE_SHIFT;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.PageSet;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.trace.ftrace.StageTwoTrack.Wait;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the faults that a guest has with KVM itself, and what becomes of its stage 2: raised by an
 * exit, decided by KVM, answered by an entry of stage 2, over when the guest is entered again.
 *
 * <p>What the lines between a fault and the next entry show is its cause: an entry set, a
 * protection lifted on the fast path, an emulated access, nothing to do, or nothing done.
 */
final class StageTwo {
  private static final int LEAF_BITS = PageState.LEAF_2M | PageState.LEAF_1G;
  private static final int ENTRY_BITS =
      PageState.STAGE2 | PageState.STAGE2_READ_ONLY | PageState.STAGE2_MMIO | LEAF_BITS;

  private final Recorder recorder;
  private final AddressMap map;
  private final ActorRegistry actors;
  private final EventDraft draft = new EventDraft();
  private final List<PageSet> everMapped = new ArrayList<>();
  private final List<Wait> waiting = new ArrayList<>();

  /** The trace has lines of stage 2's entries, so that their silence says something. */
  private boolean tellsEntries;

  StageTwo(Recorder recorder, AddressMap map, ActorRegistry actors) {
    this.recorder = recorder;
    this.map = map;
    this.actors = actors;
  }

  /**
   * A vCPU waits from here on.
   *
   * @param fetch whether the access fetches an instruction
   * @param cause the exit, 0 where the trace has none
   */
  void begins(PendingFault fault, boolean fetch, long time, long cause) {
    ThreadTrack thread = fault.thread;
    entered(thread, time, true);
    int access = (fault.write ? EventFlags.WRITE : 0) | (fetch ? EventFlags.FETCH : 0);
    int unknown = fault.region < 0 ? EventFlags.PAGE_UNKNOWN : 0;
    draft
        .of(EventKind.TOUCH, time)
        .detail(AccessOrigin.STAGE2.code())
        .actor(actors.actorOf(thread))
        .flags(access | unknown)
        .cause(cause);
    long touch = recorder.append(pageOf(fault));
    draft
        .of(EventKind.ENQUEUE, time)
        .detail(FaultOrigin.STAGE2.code())
        .actor(actors.actorOf(thread))
        .flags(access | unknown)
        .change(0, PageState.IN_KERNEL)
        .cause(touch);
    Wait wait = new Wait(fault, access | unknown, recorder.append(pageOf(fault)));
    thread.stageTwo().wait = wait;
    waiting.add(wait);
  }

  private EventDraft pageOf(PendingFault fault) {
    return fault.region < 0 ? draft : draft.pages(fault.region, fault.page, 1);
  }

  /** KVM's own line of the fault. */
  void taken(ThreadTrack thread, long time) {
    Wait wait = thread.stageTwo().wait;
    if (wait == null || wait.taken) {
      return;
    }
    wait.taken = true;
    draft
        .of(EventKind.READ, time)
        .detail(FaultOrigin.STAGE2.code())
        .actor(actors.actorOf(thread))
        .flags(wait.access)
        .cause(wait.enqueued);
    recorder.append(pageOf(wait.fault));
  }

  /**
   * KVM has looked for the host page.
   *
   * @param found whether there is one; without a memory slot there is not
   */
  void hostPage(ThreadTrack thread, long time, boolean found) {
    Wait wait = thread.stageTwo().wait;
    if (wait == null || !found) {
      return;
    }
    wait.hasHostPage = true;
    draft
        .of(EventKind.KERNEL, time)
        .detail(KernelEventKind.HOST_PAGE.code())
        .actor(actors.actorOf(thread))
        .flags(wait.fault.region < 0 ? EventFlags.PAGE_UNKNOWN : 0)
        .cause(wait.enqueued);
    recorder.append(pageOf(wait.fault));
  }

  /** An entry was set; where that is not told otherwise, this is how it is known. */
  void set(Line line, ThreadTrack thread, long time) {
    tellsEntries = true;
    Spte.Kind now = Spte.after(line.detail);
    int level = Spte.level(line.detail);
    Wait wait = thread.stageTwo().wait;
    if (now.isLeaf() && !(wait != null && wait.decided != null && covers(line, level, wait))) {
      leaf(line, thread, level, now, time);
    }
  }

  /** An entry became another. */
  void changed(Line line, ThreadTrack thread, long time) {
    tellsEntries = true;
    Spte.Kind before = Spte.before(line.detail);
    Spte.Kind now = Spte.after(line.detail);
    int level = Spte.level(line.detail);
    if (before == Spte.Kind.TABLE && now != Spte.Kind.TABLE) {
      tableGone(line, thread, level, now.isLeaf(), time);
    }
    if (now.isLeaf()) {
      leaf(line, thread, level, now, time);
    } else if (before.isLeaf() && now == Spte.Kind.FROZEN) {
      frozen(line, thread, level, time);
    } else if (before.isLeaf() && now == Spte.Kind.TABLE) {
      install(line, thread, level, LEAF_BITS, 0, inFault(thread), time);
    } else if (before.isLeaf()) {
      zap(line.address, Spte.pages(level), thread, time);
    } else if (now == Spte.Kind.MMIO) {
      install(line, thread, level, ENTRY_BITS, PageState.STAGE2_MMIO, inFault(thread), time);
    } else if (before == Spte.Kind.MMIO) {
      install(line, thread, level, PageState.STAGE2_MMIO, 0, inFault(thread), time);
    }
  }

  private static boolean covers(Line line, int level, Wait wait) {
    PendingFault fault = wait.fault;
    long from = line.address >>> PAGE_SHIFT;
    long gfn = fault.address >>> PAGE_SHIFT;
    return fault.region >= 0 && gfn >= from && gfn - from < Spte.pages(level);
  }

  private void leaf(Line line, ThreadTrack thread, int level, Spte.Kind now, long time) {
    Wait wait = thread.stageTwo().wait;
    boolean answers = wait != null && wait.decided == null && covers(line, level, wait);
    Wait answered = answers ? wait : null;
    long cause =
        answered == null ? inFault(thread) : decide(answered, reasonOf(answered.fault), time);
    int size = level == 1 ? 0 : level == 2 ? PageState.LEAF_2M : PageState.LEAF_1G;
    boolean written =
        answered != null && answered.fault.write && now == Spte.Kind.WRITABLE && level == 1;
    install(
        line,
        thread,
        level,
        ENTRY_BITS,
        PageState.STAGE2
            | size
            | (now == Spte.Kind.READ_ONLY ? PageState.STAGE2_READ_ONLY : 0)
            | (written ? PageState.DIRTY : 0),
        cause,
        time);
    for (AddressMap.Part part : map.partsOfGpa(line.address, Spte.pages(level))) {
      everMapped(part.region()).add(part.first(), part.pages());
    }
  }

  private PageSet everMapped(int region) {
    while (everMapped.size() <= region) {
      everMapped.add(new PageSet());
    }
    return everMapped.get(region);
  }

  private DecideReason reasonOf(PendingFault fault) {
    if ((recorder.stateOf(fault.region, fault.page) & PageState.STAGE2) != 0) {
      return DecideReason.MADE_WRITABLE;
    }
    return everMapped(fault.region).contains(fault.page)
        ? DecideReason.MAPPED_AGAIN
        : DecideReason.MAPPED_FIRST;
  }

  /** {@return the fault that a thread's changes of entries are part of, 0 for none} */
  private static long inFault(ThreadTrack thread) {
    Wait wait = thread.stageTwo().wait;
    return wait == null ? 0 : wait.enqueued;
  }

  private void install(
      Line line, ThreadTrack thread, int level, int clear, int set, long cause, long time) {
    for (AddressMap.Part part : map.partsOfGpa(line.address, Spte.pages(level))) {
      recorder.append(
          draft
              .of(EventKind.INSTALL, time)
              .pages(part.region(), part.first(), part.pages())
              .actor(actors.actorOf(thread))
              .change(clear, set)
              .cause(cause));
    }
  }

  private void zap(long gpa, int pages, ThreadTrack thread, long time) {
    // Notifiers and the end of a slot take entries away; they protect none and set none.
    long undoing = thread.stageTwo().undoing(time);
    long cause = undoing != 0 ? undoing : inFault(thread);
    List<AddressMap.Part> parts = map.partsOfGpa(gpa, pages);
    for (AddressMap.Part part : parts) {
      recorder.append(
          zapped(thread, time, cause)
              .pages(part.region(), part.first(), part.pages())
              .change(ENTRY_BITS | PageState.DIRTY, 0));
    }
    if (parts.isEmpty()) {
      recorder.append(zapped(thread, time, cause).flags(EventFlags.PAGE_UNKNOWN));
    }
  }

  private EventDraft zapped(ThreadTrack thread, long time, long cause) {
    return draft
        .of(EventKind.HOLE, time)
        .detail(HoleKind.STAGE2_ZAP.code())
        .actor(actors.actorOf(thread))
        .cause(cause);
  }

  /**
   * An entry of a table that is being removed. Whether the guest loses the page is told by what
   * takes the table's place: a line before or behind this one, as the kernel is old or new.
   */
  private void frozen(Line line, ThreadTrack thread, int level, long time) {
    StageTwoTrack track = thread.stageTwo();
    long gfn = line.address >>> PAGE_SHIFT;
    if (gfn >= track.goneFrom && gfn < track.goneTo) {
      if (!track.goneToLeaf) {
        zap(line.address, Spte.pages(level), thread, time);
      }
    } else if (!track.freeze(gfn, level)) {
      // More than a table holds: nothing took its place.
      lose(thread, time);
      track.freeze(gfn, level);
    }
  }

  private void tableGone(Line line, ThreadTrack thread, int level, boolean becomesLeaf, long time) {
    StageTwoTrack track = thread.stageTwo();
    track.goneFrom = line.address >>> PAGE_SHIFT;
    track.goneTo = track.goneFrom + Spte.pages(level);
    track.goneToLeaf = becomesLeaf;
    if (!becomesLeaf) {
      lose(thread, time);
    }
    track.thaw();
  }

  /** What was frozen is lost to the guest: no entry took its place. */
  private void lose(ThreadTrack thread, long time) {
    StageTwoTrack track = thread.stageTwo();
    for (int i = 0; i < track.frozenCount(); i++) {
      zap(track.frozenFrame(i) << PAGE_SHIFT, Spte.pages(track.frozenLevel(i)), thread, time);
    }
    track.thaw();
  }

  /** KVM tried to lift a write protection without a lock. */
  void fast(Line line, ThreadTrack thread, long time) {
    Wait wait = thread.stageTwo().wait;
    if (wait == null || wait.decided != null) {
      return;
    }
    wait.isSpurious |= (line.detail & EventFields.FAST_SPURIOUS) != 0;
    if ((line.detail & EventFields.FAST_FIXED) == 0) {
      return;
    }
    long decision = decide(wait, DecideReason.FAST_FIXED, time);
    draft
        .of(EventKind.INSTALL, time)
        .actor(actors.actorOf(thread))
        .flags(wait.fault.region < 0 ? EventFlags.PAGE_UNKNOWN : 0)
        .change(
            PageState.STAGE2_READ_ONLY, PageState.STAGE2 | (wait.fault.write ? PageState.DIRTY : 0))
        .cause(decision);
    recorder.append(pageOf(wait.fault));
  }

  void emulated(ThreadTrack thread, long time) {
    Wait wait = thread.stageTwo().wait;
    if (wait != null && wait.decided == null) {
      decide(wait, DecideReason.EMULATED, time);
    }
  }

  void async(ThreadTrack thread, long time) {
    Wait wait = thread.stageTwo().wait;
    if (wait != null && wait.decided == null) {
      decide(wait, DecideReason.ASYNC, time);
    }
  }

  private long decide(Wait wait, DecideReason reason, long time) {
    wait.decided = reason;
    draft
        .of(EventKind.DECIDE, time)
        .detail(reason.code())
        .actor(actors.actorOf(wait.fault.thread))
        .flags(wait.access | EventFlags.INFERRED)
        .cause(wait.enqueued);
    wait.decision = recorder.append(pageOf(wait.fault));
    return wait.decision;
  }

  /**
   * The guest runs again.
   *
   * @param inferred whether no line says when
   */
  void entered(ThreadTrack thread, long time, boolean inferred) {
    undone(thread);
    StageTwoTrack track = thread.stageTwo;
    Wait wait = track == null ? null : track.wait;
    if (wait == null) {
      return;
    }
    if (wait.decided == null) {
      decide(wait, without(wait), time);
    }
    thread.stageTwo().wait = null;
    waiting.remove(wait);
    draft
        .of(EventKind.WAKE, time)
        .detail(FaultOrigin.STAGE2.code())
        .actor(actors.actorOf(thread))
        .flags(wait.access | (inferred ? EventFlags.INFERRED : 0))
        .change(othersWait(wait.fault) ? 0 : PageState.IN_KERNEL, 0)
        .cause(wait.decision);
    recorder.append(pageOf(wait.fault));
  }

  /** What it was when nothing was set. */
  private DecideReason without(Wait wait) {
    if (wait.hasHostPage || wait.isSpurious) {
      return DecideReason.SPURIOUS;
    }
    // Only where the tracepoints of stage 2 were on does their silence say anything.
    return tellsEntries ? DecideReason.RETRIED : DecideReason.UNKNOWN;
  }

  private boolean othersWait(PendingFault fault) {
    for (Wait other : waiting) {
      if (other.fault.isAt(fault.region, fault.page)) {
        return true;
      }
    }
    return false;
  }

  /** A line that says why entries are about to change. */
  void undoes(Line line, ThreadTrack thread, KernelEventKind what, long time) {
    draft.of(EventKind.KERNEL, time).detail(what.code()).actor(actors.actorOf(thread));
    int region = line.length > 0 ? map.knownHva(line.address) : -1;
    if (region >= 0) {
      Region of = map.region(region);
      int first = of.pageOfHva(line.address);
      long pages = (line.length + Region.PAGE_BYTES - 1) >>> PAGE_SHIFT;
      draft.pages(region, first, (int) Math.min(pages, of.pages() - first));
    } else {
      draft.flags(EventFlags.PAGE_UNKNOWN);
    }
    long told = recorder.append(draft);
    if (what != KernelEventKind.AGED) {
      thread.stageTwo().undoes(told, time);
    }
  }

  /** A huge entry was split: the line of the entry itself says what it is now. */
  void split(Line line, ThreadTrack thread, long time) {
    int region = map.ofGpa(line.address);
    draft
        .of(EventKind.KERNEL, time)
        .detail(KernelEventKind.LEAF_SPLIT.code())
        .actor(actors.actorOf(thread));
    if (region >= 0) {
      draft.pages(region, map.region(region).pageOfGpa(line.address), 1);
    } else {
      draft.flags(EventFlags.PAGE_UNKNOWN);
    }
    recorder.append(draft);
  }

  /** The thread goes on to something else: what changes entries from here on is not known. */
  void undone(ThreadTrack thread) {
    StageTwoTrack track = thread.stageTwo;
    if (track != null) {
      track.undone();
    }
  }
}
