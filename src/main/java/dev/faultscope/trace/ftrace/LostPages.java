package dev.faultscope.trace.ftrace;

import static dev.faultscope.model.Region.PAGE_SHIFT;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which pages were taken away, to explain an ioctl nobody seems to have waited for: a
 * woken thread whose page goes away before it runs asks again, and no line shows it.
 */
final class LostPages {
  private static final int MAX_HOLES = 64;
  private static final int MAX_THREADS = 1 << 12;

  /** Pages taken away at a line. */
  private record Hole(long line, long address, long length) {
    boolean holds(long at) {
      return Long.compareUnsigned(at - address, length) < 0;
    }
  }

  private final AddressMap map;
  private final ArrayDeque<Hole> holes = new ArrayDeque<>();
  private final List<ThreadTrack> threads = new ArrayList<>();

  LostPages(AddressMap map) {
    this.map = map;
  }

  void hole(Line line) {
    holes.addLast(new Hole(line.index, line.address, line.length));
    if (holes.size() > MAX_HOLES) {
      holes.removeFirst();
    }
  }

  /** A thread's fault was answered. */
  void answered(PendingFault pending) {
    ThreadTrack thread = pending.thread;
    if (thread.lastAnswered == null) {
      if (threads.size() == MAX_THREADS) {
        return;
      }
      threads.add(thread);
    }
    thread.lastAnswered = pending;
  }

  /** {@return the message that explains a call, of the thread that was answered longest ago} */
  @Nullable PendingFault askedAgain(Call call) {
    PendingFault gone = null;
    if (!holes.isEmpty()) {
      gone =
          threads.stream()
              .map(thread -> thread.lastAnswered)
              .filter(pending -> pending != null && isGone(pending, call))
              .min(Comparator.comparingLong(LostPages::answeredAt))
              .orElse(null);
    }
    if (gone == null) {
      return null;
    }
    PendingFault again =
        new PendingFault(
            gone.thread,
            call.enterLine,
            call.enterNs,
            gone.region,
            gone.page,
            gone.guest,
            gone.address,
            gone.write);
    again.progress = gone.progress;
    again.again = true;
    return again;
  }

  private boolean isGone(PendingFault pending, Call call) {
    if (pending.progress < call.enterLine) {
      return false;
    }
    long since = answeredAt(pending);
    long address = map.region(pending.region).base() + ((long) pending.page << PAGE_SHIFT);
    for (Hole hole : holes) {
      if (hole.line > since && hole.line < call.enterLine && hole.holds(address)) {
        return true;
      }
    }
    return false;
  }

  private static long answeredAt(PendingFault pending) {
    return pending.again || pending.call == null ? pending.line : pending.call.enterLine;
  }
}
