package dev.faultscope.trace.ftrace;

import dev.faultscope.model.Backing;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.EventDraft;
import dev.faultscope.timeline.Recorder;
import java.util.ArrayList;

/** The threads asleep in a fault, and what happens to them and to their pages. */
final class Sleepers {
  private final Recorder recorder;
  private final AddressMap map;
  private final Cast cast;
  private final boolean[] hasCache;
  private final ArrayList<Stall> asleep = new ArrayList<>();
  private final EventDraft draft = new EventDraft();

  Sleepers(Recorder recorder, AddressMap map, Cast cast) {
    this.recorder = recorder;
    this.map = map;
    this.cast = cast;
    hasCache = new boolean[map.regions().size()];
    for (int i = 0; i < hasCache.length; i++) {
      Backing backing = map.region(i).backing();
      hasCache[i] = backing != Backing.ANON && backing != Backing.UNKNOWN;
    }
  }

  /** {@return whether an access with this verdict puts its thread to sleep, as told so far} */
  boolean fallsAsleep(Stall stall) {
    return switch (stall.verdict) {
      case ANSWERED, WAITING -> true;
      case JOINED -> stall.call == null || !stall.call.installed;
      case UNDECIDED, OUTSIDE, PRESENT, MAY_NOT_SLEEP, REPEATED, KERNEL -> false;
    };
  }

  /** A message enters the queue and its thread falls asleep. */
  void enqueue(Stall stall, long time, int access, long cause) {
    ThreadTrack thread = stall.thread;
    if (thread.asleep != null) {
      wake(thread.asleep, time, thread.asleep.enqueued, EventFlags.INFERRED);
    }
    thread.woken = null;
    boolean minor = isMinor(stall);
    stall.enqueued =
        recorder.append(
            draft
                .of(EventKind.ENQUEUE, time)
                .pages(stall.region, stall.page, 1)
                .actor(cast.actorOf(thread))
                .flags(access | EventFlags.INFERRED | (minor ? EventFlags.MINOR : 0))
                .change(0, PageState.QUEUED | (minor ? PageState.MINOR : 0))
                .cause(cause));
    thread.asleep = stall;
    asleep.add(stall);
  }

  /** A message does not say what it was in a trace; that CONTINUE answered it does. */
  private static boolean isMinor(Stall stall) {
    return stall.call != null && stall.call.ioctl == UffdIoctl.CONTINUE;
  }

  /** A handler reads the message; told once. */
  void read(Stall stall, long time, ThreadTrack handler) {
    if (stall.readSequence != 0 || stall.enqueued == 0) {
      return;
    }
    boolean waits = stall.thread.asleep == stall;
    boolean otherUnread = false;
    for (Stall other : asleep) {
      otherUnread |=
          other != stall && other.readSequence == 0 && other.isAt(stall.region, stall.page);
    }
    draft
        .of(EventKind.READ, time)
        .pages(stall.region, stall.page, 1)
        .actor(cast.actorOf(handler))
        .flags(
            EventFlags.INFERRED
                | (stall.write ? EventFlags.WRITE : 0)
                | (isMinor(stall) ? EventFlags.MINOR : 0))
        .cause(stall.enqueued);
    if (waits) {
      draft.change(otherUnread ? 0 : PageState.QUEUED, PageState.READ);
    }
    stall.readSequence = recorder.append(draft);
  }

  /** An ioctl that succeeded changes its pages and wakes who sleeps on them; told once. */
  void takeEffect(Call call, long time, long cause) {
    if (call.installed) {
      return;
    }
    call.installed = true;
    for (Stall stall : asleep) {
      // Its message must have been read before: this wake would have made it vanish.
      if (stall.reader != null && call.covers(stall)) {
        read(stall, time, stall.reader.handler);
      }
    }
    long because = cause;
    if (call.ioctl.fills() || call.ioctl == UffdIoctl.WRITEPROTECT) {
      draft
          .of(EventKind.INSTALL, time)
          .pages(call.region, call.page, call.pages)
          .actor(cast.actorOf(call.handler))
          .flags(Narrator.flags(call))
          .change(
              PageState.ERROR | PageState.ZERO | (call.dontWake ? 0 : PageState.WAITING),
              facts(call))
          .cause(cause);
      if (call.ioctl == UffdIoctl.WRITEPROTECT) {
        draft.change(call.protects ? 0 : PageState.UFFD_WP | PageState.WAITING, facts(call));
      }
      because = recorder.append(draft);
    }
    if (call.dontWake || !call.answers()) {
      return;
    }
    for (int i = 0; i < asleep.size(); i++) {
      Stall stall = asleep.get(i);
      if (call.covers(stall)) {
        wake(stall, time, because, call.exact ? 0 : EventFlags.INFERRED);
        i--;
      }
    }
  }

  private int facts(Call call) {
    boolean write = call.stall != null && call.stall.write && call.pages == 1;
    int dirty = write ? PageState.DIRTY : 0;
    return switch (call.ioctl) {
      case CONTINUE -> {
        hasCache[call.region] = true;
        yield PageState.MAPPED | PageState.CACHED | dirty;
      }
      case COPY -> PageState.MAPPED | dirty | cached(call);
      case ZEROPAGE -> PageState.MAPPED | PageState.ZERO | dirty | cached(call);
      case MOVE -> PageState.MAPPED | PageState.DIRTY;
      case POISON -> PageState.POISONED;
      case WRITEPROTECT -> call.protects ? PageState.UFFD_WP : dirty;
      case WAKE, REGISTER, UNREGISTER, API, UNKNOWN -> 0;
    };
  }

  private int cached(Call call) {
    return hasCache[call.region] ? PageState.CACHED : 0;
  }

  /** A line shows that the thread runs: whoever woke it has done so, told or not. */
  void ranAgain(ThreadTrack thread, long line, long time) {
    Stall stall = thread.asleep;
    if (stall != null && stall.progress <= line) {
      Call call = stall.call;
      if (call == null || call.errno != 0 || call.installed) {
        wake(stall, time, stall.enqueued, EventFlags.INFERRED);
      } else if (call.called != 0) {
        takeEffect(call, time, call.called);
      }
    }
    retry(thread, time);
  }

  /** A woken thread runs its access again. */
  void retry(ThreadTrack thread, long time) {
    Stall stall = thread.woken;
    if (stall == null) {
      return;
    }
    thread.woken = null;
    recorder.append(
        draft
            .of(EventKind.RETRY, time)
            .pages(stall.region, stall.page, 1)
            .actor(cast.actorOf(thread))
            .flags(EventFlags.INFERRED | (stall.write ? EventFlags.WRITE : 0))
            .change(0, stall.guest ? PageState.STAGE2 : 0)
            .cause(stall.woke));
  }

  private void wake(Stall stall, long time, long cause, int flags) {
    asleep.remove(stall);
    ThreadTrack thread = stall.thread;
    if (thread.asleep == stall) {
      thread.asleep = null;
    }
    int left = 0;
    for (Stall other : asleep) {
      if (other.isAt(stall.region, stall.page)) {
        left |= other.readSequence != 0 ? PageState.READ : PageState.QUEUED;
      }
    }
    stall.woke =
        recorder.append(
            draft
                .of(EventKind.WAKE, time)
                .pages(stall.region, stall.page, 1)
                .actor(cast.actorOf(thread))
                .flags(flags | (stall.write ? EventFlags.WRITE : 0))
                .change(
                    left == 0 ? PageState.WAITING : (PageState.QUEUED | PageState.READ) & ~left, 0)
                .cause(cause));
    thread.woken = stall;
  }
}
