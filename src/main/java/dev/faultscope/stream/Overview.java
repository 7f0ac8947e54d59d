package dev.faultscope.stream;

import dev.faultscope.session.MomentSnapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a large recording one viewer has still to be sent: cells of all its memory, and the pages
 * of those tiles that are looked at.
 *
 * <p>Holds marks, not states: a frame is made of the newest states when there is credit for it.
 */
final class Overview {
  private final DirtyCells cells = new DirtyCells();

  /** Pages of {@link #watched} tiles. */
  private final DirtyPages dirty = new DirtyPages();

  /** Whose pages the browser keeps. */
  private final Set<Tile> watched = new LinkedHashSet<>();

  /** Those of them that it has not been sent yet, the first one from {@link #sentTo} on. */
  private final Deque<Tile> unsent = new ArrayDeque<>();

  private int sentTo;
  private boolean resetting;

  /** Begins a full snapshot. */
  void reset(MomentSnapshot sight) {
    cells.clearAll();
    dirty.clearAll();
    watched.clear();
    unsent.clear();
    sentTo = 0;
    resetting = true;
    for (int region = 0; region < sight.regions(); region++) {
      int pages = sight.pages(region);
      for (long first = 0; first < pages; first += DirtyCells.BAND_PAGES) {
        int count = (int) Math.min(DirtyCells.BAND_PAGES, pages - first);
        if (!sight.isUntouched(region, (int) first, count)) {
          cells.mark(region, (int) first, count);
        }
      }
    }
  }

  /** Marks pages whose states may have changed. */
  void changed(int region, int first, int count) {
    cells.mark(region, first, count);
    long end = (long) first + count;
    for (Tile tile : watched) {
      if (tile.region() == region) {
        int from = Math.max(first, tile.firstPage());
        int to = (int) Math.min(end, (long) tile.firstPage() + Tile.PAGES);
        if (from < to) {
          dirty.mark(region, from, to - from);
        }
      }
    }
  }

  /** {@return whether the browser has all there is to say} */
  boolean isTold(MomentSnapshot sight, List<Tile> wanted) {
    return !resetting
        && cells.count() == 0
        && dirty.count() == 0
        && unsent.isEmpty()
        && watched.equals(existing(sight, wanted));
  }

  /**
   * {@return the next frame; null if all is said}
   *
   * @param shownSeq the moment that the browser shows
   * @param wanted whose pages are looked at
   */
  byte @Nullable [] next(int epoch, long shownSeq, MomentSnapshot sight, List<Tile> wanted) {
    if (resetting) {
      resetting = false;
      return cells(epoch, shownSeq, sight, true);
    }
    Set<Tile> looked = existing(sight, wanted);
    if (!looked.equals(watched)) {
      watch(looked, sight);
      return TilesFrame.encode(epoch, sight.seq(), watched);
    }
    Tile tile = unsent.peek();
    if (tile != null) {
      return pages(epoch, tile, sight);
    }
    if (cells.count() > 0) {
      return cells(epoch, shownSeq, sight, false);
    }
    return dirty.count() == 0
        ? null
        : DeltaFrame.encode(epoch, shownSeq, sight.seq(), dirty, sight);
  }

  private byte[] cells(int epoch, long shownSeq, MomentSnapshot sight, boolean reset) {
    long from = reset ? sight.seq() : shownSeq;
    return CellsFrame.encode(epoch, from, sight.seq(), reset, cells, sight, sight::pages);
  }

  private static Set<Tile> existing(MomentSnapshot sight, List<Tile> wanted) {
    Set<Tile> existing = new LinkedHashSet<>();
    for (Tile tile : wanted) {
      if (tile.region() < sight.regions() && tile.pages(sight.pages(tile.region())) > 0) {
        existing.add(tile);
      }
    }
    return existing;
  }

  private void watch(Set<Tile> looked, MomentSnapshot sight) {
    for (Tile tile : watched) {
      if (!looked.contains(tile)) {
        dirty.clear(tile.region(), tile.firstPage(), tile.pages(sight.pages(tile.region())));
      }
    }
    if (dirty.count() == 0) {
      dirty.clearAll();
    }
    if (!looked.containsAll(unsent)) {
      sentTo = 0;
      unsent.retainAll(looked);
    }
    for (Tile tile : looked) {
      if (!watched.contains(tile)) {
        unsent.add(tile);
      }
    }
    watched.clear();
    watched.addAll(looked);
  }

  private byte[] pages(int epoch, Tile tile, MomentSnapshot sight) {
    int first = tile.firstPage() + sentTo;
    int end = tile.firstPage() + tile.pages(sight.pages(tile.region()));
    SnapFrame frame = SnapFrame.encode(epoch, sight.seq(), tile.region(), first, end, false, sight);
    dirty.clear(tile.region(), first, frame.nextPage() - first);
    sentTo = frame.nextPage() - tile.firstPage();
    if (frame.nextPage() == end) {
      unsent.remove();
      sentTo = 0;
    }
    return frame.bytes();
  }

  /** {@return bytes held while the browser does not read} */
  long heldBytes() {
    return cells.bytes() + dirty.bytes();
  }
}
