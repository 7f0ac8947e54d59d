package dev.faultscope.trace.ftrace;

import dev.faultscope.model.Backing;
import dev.faultscope.model.CallResult;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageEffect;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import java.util.ArrayList;
import java.util.List;

/** The threads asleep in a fault, and what happens to them and to their pages. */
final class Sleepers {
  private final Recorder recorder;
  private final AddressMap map;
  private final ActorRegistry actors;
  private final boolean[] hasCache;
  private final ArrayList<PendingFault> asleep = new ArrayList<>();
  private final EventDraft draft = new EventDraft();

  Sleepers(Recorder recorder, AddressMap map, ActorRegistry actors) {
    this.recorder = recorder;
    this.map = map;
    this.actors = actors;
    hasCache = new boolean[map.regions().size()];
    for (int i = 0; i < hasCache.length; i++) {
      Backing backing = map.region(i).backing();
      hasCache[i] = backing != Backing.ANON && backing != Backing.UNKNOWN;
    }
  }

  /** {@return whether an access with this verdict puts its thread to sleep, as told so far} */
  boolean fallsAsleep(PendingFault pending) {
    return switch (pending.verdict) {
      case ANSWERED, WAITING -> true;
      case JOINED -> pending.call == null || !pending.call.installed;
      case UNDECIDED, OUTSIDE, PRESENT, MAY_NOT_SLEEP, REPEATED, KERNEL -> false;
    };
  }

  /** A message enters the queue and its thread falls asleep. */
  void enqueue(PendingFault pending, long time, int access, long cause) {
    ThreadTrack thread = pending.thread;
    if (thread.asleep != null) {
      wake(thread.asleep, time, thread.asleep.enqueued, EventFlags.INFERRED);
    }
    thread.woken = null;
    boolean minor = isMinor(pending);
    pending.enqueued =
        recorder.append(
            draft
                .of(EventKind.ENQUEUE, time)
                .pages(pending.region, pending.page, 1)
                .actor(actors.actorOf(thread))
                .flags(access | EventFlags.INFERRED | (minor ? EventFlags.MINOR : 0))
                .change(0, PageState.QUEUED | (minor ? PageState.MINOR : 0))
                .cause(cause));
    thread.asleep = pending;
    asleep.add(pending);
  }

  /** A message does not say what it was in a trace; that CONTINUE answered it does. */
  private static boolean isMinor(PendingFault pending) {
    return pending.call != null && pending.call.ioctl == UffdIoctl.CONTINUE;
  }

  /** A handler reads the message; told once. */
  void read(PendingFault pending, long time, ThreadTrack handler) {
    if (pending.readSequence != 0 || pending.enqueued == 0) {
      return;
    }
    boolean waits = pending.thread.asleep == pending;
    boolean otherUnread = false;
    for (PendingFault other : asleep) {
      otherUnread |=
          other != pending && other.readSequence == 0 && other.isAt(pending.region, pending.page);
    }
    draft
        .of(EventKind.READ, time)
        .pages(pending.region, pending.page, 1)
        .actor(actors.actorOf(handler))
        .flags(
            EventFlags.INFERRED
                | (pending.write ? EventFlags.WRITE : 0)
                | (isMinor(pending) ? EventFlags.MINOR : 0))
        .cause(pending.enqueued);
    if (waits) {
      draft.change(otherUnread ? 0 : PageState.QUEUED, PageState.READ);
    }
    pending.readSequence = recorder.append(draft);
  }

  /** An ioctl that succeeded changes its pages and wakes who sleeps on them; told once. */
  void takeEffect(Call call, long time, long cause) {
    if (call.installed) {
      return;
    }
    call.installed = true;
    for (PendingFault pending : asleep) {
      // Its message must have been read before: this wake would have made it vanish.
      if (pending.reader != null && call.covers(pending)) {
        read(pending, time, pending.reader.handler);
      }
    }
    // CONTINUE succeeds only where there is a cache.
    hasCache[call.region] |= call.ioctl == UffdIoctl.CONTINUE;
    CallResult result = CallResult.ofErrno(call.ioctl, call.pages, 0);
    List<PageEffect.Run> runs =
        PageEffect.over(
            call.ioctl,
            call.mode,
            result,
            memory(call.region),
            i -> recorder.stateOf(call.region, call.page + i));
    for (PageEffect.Run run : runs) {
      long because = install(call, run, time, cause);
      if (run.effect().endsWaits()) {
        wake(call, run, time, because);
      }
    }
  }

  private PageEffect.Memory memory(int region) {
    Region its = map.region(region);
    Backing backing =
        its.backing() == Backing.UNKNOWN && hasCache[region] ? Backing.MEMFD : its.backing();
    return new PageEffect.Memory(backing, its.modes(), PageEffect.Kernel.PLAIN);
  }

  /** {@return the event that wakes are because of} */
  private long install(Call call, PageEffect.Run run, long time, long cause) {
    PageEffect effect = run.effect();
    if (!effect.changesPage()) {
      return cause;
    }
    boolean written = call.pending != null && call.pending.write && call.pages == 1;
    boolean opened = (effect.set() & PageState.MAPPED) != 0 || call.ioctl == UffdIoctl.WRITEPROTECT;
    return recorder.append(
        draft
            .of(EventKind.INSTALL, time)
            .pages(call.region, call.page + run.first(), run.pages())
            .actor(actors.actorOf(call.handler))
            .flags(EventWriter.flags(call) | (effect.isInferred() ? EventFlags.INFERRED : 0))
            .change(
                effect.clear(),
                effect.set() | (written && opened && effect.endsWaits() ? PageState.DIRTY : 0))
            .cause(cause));
  }

  private void wake(Call call, PageEffect.Run run, long time, long because) {
    for (int i = 0; i < asleep.size(); i++) {
      PendingFault pending = asleep.get(i);
      int page = pending.page - call.page;
      if (call.covers(pending) && page >= run.first() && page < run.end()) {
        wake(pending, time, because, call.exact ? 0 : EventFlags.INFERRED);
        i--;
      }
    }
  }

  /** A line shows that the thread runs: whoever woke it has done so, told or not. */
  void ranAgain(ThreadTrack thread, long line, long time) {
    PendingFault pending = thread.asleep;
    if (pending != null && pending.progress <= line) {
      Call call = pending.call;
      if (call == null || call.errno != 0 || call.installed) {
        wake(pending, time, pending.enqueued, EventFlags.INFERRED);
      } else if (call.called != 0) {
        takeEffect(call, time, call.called);
      }
    }
    retry(thread, time);
  }

  /** A woken thread runs its access again. */
  void retry(ThreadTrack thread, long time) {
    PendingFault pending = thread.woken;
    if (pending == null) {
      return;
    }
    thread.woken = null;
    recorder.append(
        draft
            .of(EventKind.RETRY, time)
            .pages(pending.region, pending.page, 1)
            .actor(actors.actorOf(thread))
            .flags(EventFlags.INFERRED | (pending.write ? EventFlags.WRITE : 0))
            .change(0, pending.guest ? PageState.STAGE2 : 0)
            .cause(pending.woke));
  }

  private void wake(PendingFault pending, long time, long cause, int flags) {
    asleep.remove(pending);
    ThreadTrack thread = pending.thread;
    if (thread.asleep == pending) {
      thread.asleep = null;
    }
    int left = 0;
    for (PendingFault other : asleep) {
      if (other.isAt(pending.region, pending.page)) {
        left |= other.readSequence != 0 ? PageState.READ : PageState.QUEUED;
      }
    }
    pending.woke =
        recorder.append(
            draft
                .of(EventKind.WAKE, time)
                .pages(pending.region, pending.page, 1)
                .actor(actors.actorOf(thread))
                .flags(flags | (pending.write ? EventFlags.WRITE : 0))
                .change(
                    left == 0 ? PageState.WAITING : (PageState.QUEUED | PageState.READ) & ~left, 0)
                .cause(cause));
    thread.woken = pending;
  }
}
