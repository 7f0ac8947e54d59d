package dev.faultscope.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects which pages a seek may have changed, a range per tile at most. */
final class SeekChanges {
  /** Up to so many replaced tiles are compared page by page; more are reported whole. */
  private static final int COMPARED = 256;

  private record Replaced(int region, int index, long reference, long @Nullable [] tile) {}

  /** The pages of one region changed by replay: per tile the first, and one more than the last. */
  private static final class Touched {
    final short[] from;
    final short[] to;
    final boolean[] replaced;
    int lowest = Integer.MAX_VALUE;
    int highest = -1;

    Touched(int tiles) {
      from = new short[tiles];
      to = new short[tiles];
      replaced = new boolean[tiles];
    }
  }

  private final PageStates states;
  private final PageStates.TileSource source;
  private final List<Replaced> replaced = new ArrayList<>();
  private @Nullable Touched[] touched = new Touched[0];

  SeekChanges(PageStates states, PageStates.TileSource source) {
    this.states = states;
    this.source = source;
  }

  void replaced(int region, int index, long reference, long @Nullable [] tile) {
    replaced.add(new Replaced(region, index, reference, tile));
    touched(region).replaced[index] = true;
  }

  void changed(int region, int first, int count) {
    Touched in = touched(region);
    int end = first + count;
    for (int page = first; page < end; ) {
      int index = page >> Tile.SHIFT;
      int start = index << Tile.SHIFT;
      int from = page - start;
      int to = Math.min(end - start, Tile.PAGES);
      if (in.to[index] == 0) {
        in.from[index] = (short) from;
        in.to[index] = (short) to;
        in.lowest = Math.min(in.lowest, index);
        in.highest = Math.max(in.highest, index);
      } else {
        in.from[index] = (short) Math.min(in.from[index], from);
        in.to[index] = (short) Math.max(in.to[index], to);
      }
      page = start + to;
    }
  }

  void report(Cursor.PageChangeListener listener) {
    RangeJoiner joiner = new RangeJoiner(listener);
    boolean compare = replaced.size() <= COMPARED;
    char[] old = new char[Tile.PAGES];
    char[] now = new char[Tile.PAGES];
    for (Replaced tile : replaced) {
      int first = tile.index << Tile.SHIFT;
      int count = Math.min(Tile.PAGES, states.pages(tile.region) - first);
      if (!compare) {
        joiner.add(tile.region, first, count);
        continue;
      }
      copyOld(tile, count, old);
      states.copy(tile.region, first, count, now, 0);
      int from = Arrays.mismatch(old, 0, count, now, 0, count);
      if (from >= 0) {
        int to = count;
        while (old[to - 1] == now[to - 1]) {
          to--;
        }
        joiner.add(tile.region, first + from, to - from);
      }
    }
    for (int region = 0; region < touched.length; region++) {
      Touched in = touched[region];
      if (in != null) {
        for (int index = in.lowest; index <= in.highest; index++) {
          if (in.to[index] != 0 && !in.replaced[index]) {
            joiner.add(
                region, (index << Tile.SHIFT) + in.from[index], in.to[index] - in.from[index]);
          }
        }
      }
    }
    joiner.end();
  }

  private void copyOld(Replaced tile, int count, char[] into) {
    if (tile.tile != null) {
      Tile.copy(tile.tile, 0, count, into, 0);
    } else if (PageStates.isUniform(tile.reference)) {
      Arrays.fill(into, 0, count, (char) PageStates.uniformState(tile.reference));
    } else {
      Tile.copy(source.load(tile.reference), 0, count, into, 0);
    }
  }

  private Touched touched(int region) {
    if (region >= touched.length) {
      touched = Arrays.copyOf(touched, Math.max(region + 1, states.regionCount()));
    }
    Touched in = touched[region];
    if (in == null) {
      in = new Touched(PageStates.tileCount(states.pages(region)));
      touched[region] = in;
    }
    return in;
  }

  /** Joins ranges that touch. */
  private static final class RangeJoiner {
    private final Cursor.PageChangeListener listener;
    private int region = -1;
    private int first;
    private int count;

    RangeJoiner(Cursor.PageChangeListener listener) {
      this.listener = listener;
    }

    void add(int nextRegion, int nextFirst, int nextCount) {
      if (nextRegion == region && nextFirst == first + count) {
        count += nextCount;
        return;
      }
      end();
      region = nextRegion;
      first = nextFirst;
      count = nextCount;
    }

    void end() {
      if (region >= 0) {
        listener.changed(region, first, count);
      }
    }
  }
}
