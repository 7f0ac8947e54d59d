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
  private final ArrayList<PendingFault> waiting = new ArrayList<>();

  /** Went on before an ioctl could have answered them; or joined another's answer. */
  private final ArrayList<PendingFault> refused = new ArrayList<>();

  private final ArrayList<PendingFault> joined = new ArrayList<>();
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
    PendingFault pending = line.pending;
    if (pending != null) {
      arrive(pending);
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
    for (PendingFault pending : waiting) {
      pending.verdict =
          pending.progress == PendingFault.NEVER
              ? PendingFault.Verdict.WAITING
              : PendingFault.Verdict.KERNEL;
    }
    refused.forEach(this::refuse);
    joined.forEach(pending -> pending.verdict = PendingFault.Verdict.JOINED);
    waiting.clear();
    refused.clear();
    joined.clear();
  }

  /** Forces a verdict on a fault that can be held back no longer. */
  void force(PendingFault pending) {
    if (pending.verdict != PendingFault.Verdict.UNDECIDED) {
      return;
    }
    if (joined.remove(pending)) {
      pending.verdict = PendingFault.Verdict.JOINED;
    } else if (pending.progress == PendingFault.NEVER) {
      // Stays in the queue: a later ioctl may still answer it.
      pending.verdict = PendingFault.Verdict.WAITING;
    } else {
      waiting.remove(pending);
      refused.remove(pending);
      pending.verdict = PendingFault.Verdict.KERNEL;
    }
  }

  private void arrive(PendingFault pending) {
    if (pending.verdict != PendingFault.Verdict.UNDECIDED) {
      return;
    }
    PendingFault earlier = pending.earlier;
    if (earlier != null && earlier.verdict == PendingFault.Verdict.REPEATED) {
      // Only the first line of a fault is kept: a signal storm repeats it without end.
      earlier = earlier.earlier;
      pending.earlier = earlier;
    }
    if (earlier != null) {
      if (!answeredBefore(earlier, pending.line)) {
        pending.verdict = PendingFault.Verdict.REPEATED;
        return;
      }
      earlier.progress = Math.min(earlier.progress, pending.line);
      pending.earlier = null;
    }
    waiting.add(pending);
    if (waiting.size() > MAX_WAITING) {
      force(waiting.removeFirst());
    }
  }

  private static boolean answeredBefore(PendingFault earlier, long line) {
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
      PendingFault pending = waiting.get(i);
      if (pending.progress < call.enterLine) {
        waiting.remove(i--);
        refused.add(pending);
      }
    }
    if (call.exact) {
      decideExact(call);
      return;
    }
    if (call.ioctl == UffdIoctl.WAKE) {
      PendingFault last = call.handler.lastRefused;
      call.handler.lastRefused = null;
      if (last != null) {
        call.answer(last);
        return;
      }
    }
    if (call.errno == Errno.EEXIST.number()) {
      decideExists(call);
    } else if (call.errno != 0) {
      PendingFault oldest = firstBefore(waiting, call);
      if (oldest != null) {
        call.answer(oldest);
      }
    } else {
      PendingFault chosen = choose(call);
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
    PendingFault first = null;
    for (List<PendingFault> list : List.of(waiting, joined, refused)) {
      for (int i = 0; i < list.size() && first == null; i++) {
        PendingFault pending = list.get(i);
        if (call.covers(pending) && pending.line < call.exitLine) {
          first = pending;
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
    PendingFault pending = firstBefore(joined, call);
    if (pending == null) {
      pending = firstBefore(waiting, call);
    }
    if (pending == null) {
      pending = lostPages.askedAgain(call);
    }
    if (pending == null) {
      return;
    }
    remove(pending);
    answered(call, pending);
    call.handler.lastRefused = pending;
    passed(pending);
  }

  private static @Nullable PendingFault firstBefore(List<PendingFault> pendingFaults, Call call) {
    for (PendingFault pending : pendingFaults) {
      if (pending.line < call.enterLine) {
        return pending;
      }
    }
    return null;
  }

  private @Nullable PendingFault choose(Call call) {
    PendingFault oldest = null;
    for (PendingFault pending : waiting) {
      if (!mayAnswer(call, pending)) {
        continue;
      }
      if (oldest == null) {
        oldest = pending;
        if (oldest.progress <= call.nextEnter && fits(call, oldest)) {
          break;
        }
        continue;
      }
      boolean lastChance = pending.progress < call.nextEnter && oldest.progress > call.nextEnter;
      boolean fitsBetter = !fits(call, oldest) && fits(call, pending);
      if (lastChance || fitsBetter) {
        return pending;
      }
    }
    return oldest;
  }

  private boolean mayAnswer(Call call, PendingFault pending) {
    if (pending.line >= call.enterLine || pending.progress < call.enterLine) {
      return false;
    }
    if (call.ioctl != UffdIoctl.CONTINUE) {
      return true;
    }
    Region region = map.region(pending.region);
    return region.backing() != Backing.ANON
        && (region.modes() == 0 || (region.modes() & Region.MINOR) != 0);
  }

  /** {@return whether the ioctl suits what is known of the page} */
  private boolean fits(Call call, PendingFault pending) {
    if (call.ioctl == UffdIoctl.CONTINUE || call.ioctl == UffdIoctl.WAKE) {
      return true;
    }
    return (recorder.stateOf(pending.region, pending.page) & PageState.CACHED) == 0;
  }

  /** An ioctl nobody seems to have waited for: revise recent choices, then look at leftovers. */
  private @Nullable PendingFault search(Call call) {
    if (!call.ioctl.fills()) {
      return null;
    }
    PendingFault freed = revise(call);
    if (freed != null) {
      return freed;
    }
    for (PendingFault pending : refused) {
      if (pending.line < call.enterLine) {
        return pending;
      }
    }
    return lostPages.askedAgain(call);
  }

  private @Nullable PendingFault revise(Call call) {
    for (var it = recent.descendingIterator(); it.hasNext(); ) {
      Call other = it.next();
      PendingFault held = other.pending;
      if (held == null
          || other.called != 0
          || other.exact
          || other.errno != 0
          || !mayAnswer(call, held)) {
        continue;
      }
      for (PendingFault spare : waiting) {
        if (mayAnswer(other, spare)) {
          waiting.remove(spare);
          answered(other, spare);
          return held;
        }
      }
    }
    return null;
  }

  private void take(Call call, PendingFault pending) {
    remove(pending);
    answered(call, pending);
    recent.addLast(call);
    if (recent.size() > REVISABLE) {
      recent.removeFirst();
    }
    for (int i = 0; i < waiting.size(); i++) {
      PendingFault other = waiting.get(i);
      if (call.covers(other) && other.line < call.exitLine) {
        waiting.remove(i--);
        other.call = call;
        joined.add(other);
      }
    }
    passed(pending);
  }

  private void answered(Call call, PendingFault pending) {
    if (call.errno == 0 || pending.call == null) {
      pending.call = call;
    }
    call.answer(pending);
    pending.reader = call;
    lostPages.answered(pending);
    pending.verdict = PendingFault.Verdict.ANSWERED;
  }

  /** What joined before the last two answered messages was never read: the queue has passed it. */
  private void passed(PendingFault pending) {
    long limit = Math.min(previousPick, pending.line);
    previousPick = pending.line;
    for (int i = 0; i < joined.size(); i++) {
      PendingFault other = joined.get(i);
      if (other.line < limit) {
        joined.remove(i--);
        other.verdict = PendingFault.Verdict.JOINED;
      }
    }
  }

  private void remove(PendingFault pending) {
    if (!waiting.remove(pending) && !joined.remove(pending)) {
      refused.remove(pending);
    }
  }

  private void settle(long line) {
    for (int i = 0; i < waiting.size(); i++) {
      PendingFault pending = waiting.get(i);
      if (pending.progress < line - GRACE_LINES) {
        waiting.remove(i--);
        refuse(pending);
      }
    }
    for (int i = 0; i < refused.size(); i++) {
      PendingFault pending = refused.get(i);
      if (pending.progress < line - GRACE_LINES || refused.size() > MAX_REFUSED) {
        refused.remove(i--);
        refuse(pending);
      }
    }
    for (int i = 0; i < joined.size(); i++) {
      PendingFault pending = joined.get(i);
      if (pending.line < line - LineWindow.CAPACITY / 2) {
        joined.remove(i--);
        pending.verdict = PendingFault.Verdict.JOINED;
      }
    }
  }

  /** No ioctl claimed it in order: one that found nobody may have answered it all the same. */
  private void refuse(PendingFault pending) {
    for (var it = orphans.iterator(); it.hasNext(); ) {
      Call orphan = it.next();
      if (Math.abs(orphan.enterLine - pending.line) < GRACE_LINES && orphan.pending == null) {
        it.remove();
        answered(orphan, pending);
        return;
      }
    }
    pending.verdict = PendingFault.Verdict.KERNEL;
  }
}
