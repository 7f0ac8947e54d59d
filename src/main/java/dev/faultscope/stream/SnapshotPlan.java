package dev.faultscope.stream;

import dev.faultscope.session.MomentSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a full snapshot is still to be sent. Holds ranges, not states: a frame is made of the
 * newest states when there is credit for it.
 */
final class SnapshotPlan {
  private record Range(int region, int first, int end) {}

  private final Deque<Range> left = new ArrayDeque<>();
  private boolean begun;

  /** A snapshot of every page. */
  SnapshotPlan(MomentSnapshot sight) {
    for (int region = 0; region < sight.regions(); region++) {
      if (sight.pages(region) > 0) {
        left.add(new Range(region, 0, sight.pages(region)));
      }
    }
  }

  /** Sends some pages first. */
  void prefer(ClientMessage.View view) {
    int end = (int) Math.min(Integer.MAX_VALUE, (long) view.first() + view.count());
    List<Range> wanted = new ArrayList<>();
    List<Range> others = new ArrayList<>();
    for (Range range : left) {
      int from = Math.max(range.first, view.first());
      int to = Math.min(range.end, end);
      if (range.region != view.region() || from >= to) {
        others.add(range);
        continue;
      }
      wanted.add(new Range(range.region, from, to));
      if (range.first < from) {
        others.add(new Range(range.region, range.first, from));
      }
      if (to < range.end) {
        others.add(new Range(range.region, to, range.end));
      }
    }
    left.clear();
    left.addAll(wanted);
    left.addAll(others);
  }

  /**
   * {@return the next frame; null if all is said}
   *
   * @param dirty marks of pages that are dealt with are taken back
   */
  byte @Nullable [] next(int epoch, MomentSnapshot sight, DirtyPages dirty) {
    passAbsent(sight, dirty);
    Range range = left.poll();
    if (range != null) {
      SnapFrame frame =
          SnapFrame.encode(epoch, sight.seq(), range.region, range.first, range.end, !begun, sight);
      begun = true;
      dirty.clear(range.region, range.first, frame.nextPage() - range.first);
      if (frame.nextPage() < range.end) {
        left.addFirst(new Range(range.region, frame.nextPage(), range.end));
      }
      return frame.bytes();
    }
    if (!begun) {
      begun = true;
      return SnapFrame.empty(epoch, sight.seq());
    }
    return null;
  }

  /** {@return whether all is said} */
  boolean isDone(MomentSnapshot sight, DirtyPages dirty) {
    passAbsent(sight, dirty);
    return begun && left.isEmpty();
  }

  /** A page that no frame names is absent. */
  private void passAbsent(MomentSnapshot sight, DirtyPages dirty) {
    Range range;
    while ((range = left.poll()) != null) {
      int first = firstPresent(sight, range);
      dirty.clear(range.region, range.first, first - range.first);
      if (first < range.end) {
        left.addFirst(new Range(range.region, first, range.end));
        return;
      }
    }
  }

  private static int firstPresent(MomentSnapshot sight, Range range) {
    int page = range.first;
    while (page < range.end) {
      int count = Math.min(SnapFrame.BLOCK, range.end - page);
      if (!sight.isUntouched(range.region, page, count)) {
        return page;
      }
      page += count;
    }
    return range.end;
  }
}
