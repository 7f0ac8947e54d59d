package dev.faultscope.session.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How deep the fault queue got in each cell of a window. */
final class DepthSeries {
  private final long fromNs;
  private final long windowNs;
  private final int[] max;
  private int depth;
  private int cell;

  DepthSeries(long fromNs, long toNs, int cells, int depth) {
    this.fromNs = fromNs;
    this.windowNs = toNs - fromNs;
    this.max = new int[cells];
    this.depth = depth;
    max[0] = depth;
  }

  /** Times never decrease. */
  void at(long timeNs, int now) {
    fillTo(cellOf(timeNs));
    depth = now;
    max[cell] = Math.max(max[cell], now);
  }

  List<Lanes.Depth> finish() {
    fillTo(max.length - 1);
    List<Lanes.Depth> steps = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= max.length; i++) {
      if (i == max.length || max[i] != max[start]) {
        steps.add(new Lanes.Depth(timeOf(start), timeOf(i), max[start]));
        start = i;
      }
    }
    return steps;
  }

  private void fillTo(int target) {
    if (target > cell) {
      Arrays.fill(max, cell + 1, target + 1, depth);
      cell = target;
    }
  }

  private int cellOf(long timeNs) {
    double share = (double) (timeNs - fromNs) / windowNs;
    return Math.clamp((long) (share * max.length), 0, max.length - 1);
  }

  private long timeOf(int index) {
    return index == max.length
        ? fromNs + windowNs
        : fromNs + (long) ((double) index / max.length * windowNs);
  }
}
