package dev.faultscope.trace.ftrace;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Errno;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.timeline.Recorder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which fault which ioctl answered.
 *
 * <p>What is known of the kernel: a userfaultfd's queue is first in, first out; a thread sleeps
 * until its page's ioctl wakes it, so a thread that shows a sign of life before an ioctl begins was
 * not answered by it; a thread has one fault at a time; EEXIST says that the page was already
 * there, so its message is a second one for a page; a page whose thread was woken but that went
 * away before the thread ran is asked for again. An ioctl takes the oldest fault that these rules
 * allow, unless a younger one could only be answered by this ioctl and the oldest still by the
 * next.
 */
final class FaultMatcher {
  /** Faults that wait at once; the oldest is given up as unanswered beyond. */
  private static final int MAX_WAITING = 1 << 15;

  /** Recent calls whose choice may still be revised. */
  private static final int REVISABLE = 16;

  private static final int MAX_ORPHANS = 64;
  private static final int MAX_REFUSED = 256;

  /** Lines after a thread's sign of life during which a late ioctl may still claim its fault. */
  private static final int GRACE_LINES = 192;

  private final AddressMap map;
  private final Recorder recorder;
  private final ArrayList<Stall> waiting = new ArrayList<>();

  /** Went on before an ioctl could have answered them; or joined another's answer. */
  private final ArrayList<Stall> refused = new ArrayList<>();

  private final ArrayList<Stall> joined = new ArrayList<>();
  private final ArrayDeque<Call> recent = new ArrayDeque<>();
  private final ArrayDeque<Call> orphans = new ArrayDeque<>();
  private final LostPages lostPages;

  private long previousPick;

  FaultMatcher(AddressMap map, Recorder recorder) {
    this.map = map;
    this.recorder = recorder;
    lostPages = new LostPages(map);
  }

  /** Looks at the next line; those after it are already linked. */
  void step(Line line) {
    Stall stall = line.stall;
    if (stall != null) {
      arrive(stall);
    }
    if (line.ended != null) {
      decide(line.ended);
    }
    Call call = line.call;
    if (call != null && call.exitLine == line.index) {
      decide(call);
    }
    if (line.kind == LineKind.HOLE_ENTER && line.detail != 0) {
      lostPages.hole(line);
    }
    if ((line.index & 15) == 0) {
      settle(line.index);
    }
  }

  /** Gives every fault still open its last verdict. */
  void finish() {
    for (Stall stall : waiting) {
      stall.verdict = stall.progress == Stall.NEVER ? Stall.Verdict.WAITING : Stall.Verdict.KERNEL;
    }
    refused.forEach(this::refuse);
    joined.forEach(stall -> stall.verdict = Stall.Verdict.JOINED);
    waiting.clear();
    refused.clear();
    joined.clear();
  }

  /** Forces a verdict on a fault that can be held back no longer. */
  void force(Stall stall) {
    if (stall.verdict != Stall.Verdict.UNDECIDED) {
      return;
    }
    if (joined.remove(stall)) {
      stall.verdict = Stall.Verdict.JOINED;
    } else if (stall.progress == Stall.NEVER) {
      // Stays in the queue: a later ioctl may still answer it.
      stall.verdict = Stall.Verdict.WAITING;
    } else {
      waiting.remove(stall);
      refused.remove(stall);
      stall.verdict = Stall.Verdict.KERNEL;
    }
  }

  private void arrive(Stall stall) {
    if (stall.verdict != Stall.Verdict.UNDECIDED) {
      return;
    }
    Stall earlier = stall.earlier;
    if (earlier != null && earlier.verdict == Stall.Verdict.REPEATED) {
      // Only the first line of a stall is kept: a signal storm repeats it without end.
      earlier = earlier.earlier;
      stall.earlier = earlier;
    }
    if (earlier != null) {
      if (!answeredBefore(earlier, stall.line)) {
        stall.verdict = Stall.Verdict.REPEATED;
        return;
      }
      earlier.progress = Math.min(earlier.progress, stall.line);
      stall.earlier = null;
    }
    waiting.add(stall);
    if (waiting.size() > MAX_WAITING) {
      force(waiting.removeFirst());
    }
  }

  private static boolean answeredBefore(Stall earlier, long line) {
    Call call = earlier.call;
    return switch (earlier.verdict) {
      case ANSWERED, JOINED -> call != null && call.exitLine < line;
      case PRESENT, MAY_NOT_SLEEP, KERNEL, OUTSIDE -> true;
      case UNDECIDED, WAITING, REPEATED -> false;
    };
  }

  private void decide(Call call) {
    if (!call.answers()) {
      return;
    }
    for (int i = 0; i < waiting.size(); i++) {
      Stall stall = waiting.get(i);
      if (stall.progress < call.enterLine) {
        waiting.remove(i--);
        refused.add(stall);
      }
    }
    if (call.exact) {
      decideExact(call);
      return;
    }
    if (call.ioctl == UffdIoctl.WAKE) {
      Stall last = call.handler.lastRefused;
      call.handler.lastRefused = null;
      if (last != null) {
        call.answer(last);
        return;
      }
    }
    if (call.errno == Errno.EEXIST.number()) {
      decideExists(call);
    } else if (call.errno != 0) {
      Stall oldest = firstBefore(waiting, call);
      if (oldest != null) {
        call.answer(oldest);
      }
    } else {
      Stall chosen = choose(call);
      if (chosen == null) {
        chosen = search(call);
      }
      if (chosen != null) {
        take(call, chosen);
      } else if (call.ioctl.fills()) {
        orphans.addLast(call);
        if (orphans.size() > MAX_ORPHANS) {
          orphans.removeFirst();
        }
      }
    }
  }

  /** The trace names the pages: whoever waits there was answered, whatever the order. */
  private void decideExact(Call call) {
    Stall first = null;
    for (List<Stall> list : List.of(waiting, joined, refused)) {
      for (int i = 0; i < list.size() && first == null; i++) {
        Stall stall = list.get(i);
        if (call.covers(stall) && stall.line < call.exitLine) {
          first = stall;
        }
      }
    }
    if (first == null) {
      return;
    }
    if (call.errno == 0) {
      take(call, first);
    } else {
      call.answer(first);
      if (call.errno == Errno.EEXIST.number()) {
        remove(first);
        answered(call, first);
        call.handler.lastRefused = first;
      }
    }
  }

  /** The page was there already: the message is a second one for a page another call answered. */
  private void decideExists(Call call) {
    Stall stall = firstBefore(joined, call);
    if (stall == null) {
      stall = firstBefore(waiting, call);
    }
    if (stall == null) {
      stall = lostPages.askedAgain(call);
    }
    if (stall == null) {
      return;
    }
    remove(stall);
    answered(call, stall);
    call.handler.lastRefused = stall;
    passed(stall);
  }

  private static @Nullable Stall firstBefore(List<Stall> stalls, Call call) {
    for (Stall stall : stalls) {
      if (stall.line < call.enterLine) {
        return stall;
      }
    }
    return null;
  }

  private @Nullable Stall choose(Call call) {
    Stall oldest = null;
    for (Stall stall : waiting) {
      if (!mayAnswer(call, stall)) {
        continue;
      }
      if (oldest == null) {
        oldest = stall;
        if (oldest.progress <= call.nextEnter && fits(call, oldest)) {
          break;
        }
        continue;
      }
      boolean lastChance = stall.progress < call.nextEnter && oldest.progress > call.nextEnter;
      boolean fitsBetter = !fits(call, oldest) && fits(call, stall);
      if (lastChance || fitsBetter) {
        return stall;
      }
    }
    return oldest;
  }

  private boolean mayAnswer(Call call, Stall stall) {
    if (stall.line >= call.enterLine || stall.progress < call.enterLine) {
      return false;
    }
    if (call.ioctl != UffdIoctl.CONTINUE) {
      return true;
    }
    Region region = map.region(stall.region);
    return region.backing() != Backing.ANON
        && (region.modes() == 0 || (region.modes() & Region.MINOR) != 0);
  }

  /** {@return whether the ioctl suits what is known of the page} */
  private boolean fits(Call call, Stall stall) {
    if (call.ioctl == UffdIoctl.CONTINUE || call.ioctl == UffdIoctl.WAKE) {
      return true;
    }
    return (recorder.stateOf(stall.region, stall.page) & PageState.CACHED) == 0;
  }

  /** An ioctl nobody seems to have waited for: revise recent choices, then look at leftovers. */
  private @Nullable Stall search(Call call) {
    if (!call.ioctl.fills()) {
      return null;
    }
    Stall freed = revise(call);
    if (freed != null) {
      return freed;
    }
    for (Stall stall : refused) {
      if (stall.line < call.enterLine) {
        return stall;
      }
    }
    return lostPages.askedAgain(call);
  }

  private @Nullable Stall revise(Call call) {
    for (var it = recent.descendingIterator(); it.hasNext(); ) {
      Call other = it.next();
      Stall held = other.stall;
      if (held == null
          || other.called != 0
          || other.exact
          || other.errno != 0
          || !mayAnswer(call, held)) {
        continue;
      }
      for (Stall spare : waiting) {
        if (mayAnswer(other, spare)) {
          waiting.remove(spare);
          answered(other, spare);
          return held;
        }
      }
    }
    return null;
  }

  private void take(Call call, Stall stall) {
    remove(stall);
    answered(call, stall);
    recent.addLast(call);
    if (recent.size() > REVISABLE) {
      recent.removeFirst();
    }
    for (int i = 0; i < waiting.size(); i++) {
      Stall other = waiting.get(i);
      if (call.covers(other) && other.line < call.exitLine) {
        waiting.remove(i--);
        other.call = call;
        joined.add(other);
      }
    }
    passed(stall);
  }

  private void answered(Call call, Stall stall) {
    if (call.errno == 0 || stall.call == null) {
      stall.call = call;
    }
    call.answer(stall);
    stall.reader = call;
    lostPages.answered(stall);
    stall.verdict = Stall.Verdict.ANSWERED;
  }

  /** What joined before the last two answered messages was never read: the queue has passed it. */
  private void passed(Stall stall) {
    long limit = Math.min(previousPick, stall.line);
    previousPick = stall.line;
    for (int i = 0; i < joined.size(); i++) {
      Stall other = joined.get(i);
      if (other.line < limit) {
        joined.remove(i--);
        other.verdict = Stall.Verdict.JOINED;
      }
    }
  }

  private void remove(Stall stall) {
    if (!waiting.remove(stall) && !joined.remove(stall)) {
      refused.remove(stall);
    }
  }

  private void settle(long line) {
    for (int i = 0; i < waiting.size(); i++) {
      Stall stall = waiting.get(i);
      if (stall.progress < line - GRACE_LINES) {
        waiting.remove(i--);
        refuse(stall);
      }
    }
    for (int i = 0; i < refused.size(); i++) {
      Stall stall = refused.get(i);
      if (stall.progress < line - GRACE_LINES || refused.size() > MAX_REFUSED) {
        refused.remove(i--);
        refuse(stall);
      }
    }
    for (int i = 0; i < joined.size(); i++) {
      Stall stall = joined.get(i);
      if (stall.line < line - LineWindow.CAPACITY / 2) {
        joined.remove(i--);
        stall.verdict = Stall.Verdict.JOINED;
      }
    }
  }

  /** No ioctl claimed it in order: one that found nobody may have answered it all the same. */
  private void refuse(Stall stall) {
    for (var it = orphans.iterator(); it.hasNext(); ) {
      Call orphan = it.next();
      if (Math.abs(orphan.enterLine - stall.line) < GRACE_LINES && orphan.stall == null) {
        it.remove();
        answered(orphan, stall);
        return;
      }
    }
    stall.verdict = Stall.Verdict.KERNEL;
  }
}
