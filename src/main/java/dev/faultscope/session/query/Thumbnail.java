package dev.faultscope.session.query;

import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A recording in a few cells, as the start page shows it. */
public final class Thumbnail {
  /** Cells of a row. */
  public static final int COLUMNS = 64;

  /** Most rows. */
  public static final int ROWS = 24;

  /** Pages looked at for one cell; of larger cells the first of each stretch stands for it. */
  private static final int SAMPLES = 256;

  private Thumbnail() {}

  /**
   * {@return rows of page states halfway through a recording, of all its regions one after the
   * other; null where it has none}
   */
  public static int @Nullable [][] of(Timeline timeline) {
    List<Region> regions = timeline.regions();
    long pages = regions.stream().mapToLong(Region::pages).sum();
    if (pages == 0) {
      return null;
    }
    long perCell = Math.max(1, (pages + COLUMNS * ROWS - 1) / (COLUMNS * ROWS));
    int cells = (int) ((pages + perCell - 1) / perCell);
    int[][] rows = new int[(cells + COLUMNS - 1) / COLUMNS][];
    try (Cursor cursor = timeline.cursor()) {
      cursor.seek(timeline.lastSequence() / 2);
      for (int row = 0; row < rows.length; row++) {
        rows[row] = new int[Math.min(COLUMNS, cells - row * COLUMNS)];
        for (int column = 0; column < rows[row].length; column++) {
          long first = ((long) row * COLUMNS + column) * perCell;
          rows[row][column] = worst(cursor, regions, first, Math.min(pages, first + perCell));
        }
      }
    }
    return rows;
  }

  private static int worst(Cursor cursor, List<Region> regions, long first, long end) {
    long step = Math.max(1, (end - first) / SAMPLES);
    int worst = state(cursor, regions, first);
    for (long page = first + step; page < end; page += step) {
      int state = state(cursor, regions, page);
      if (weight(state) > weight(worst)) {
        worst = state;
      }
    }
    return worst;
  }

  private static int state(Cursor cursor, List<Region> regions, long page) {
    long inRegion = page;
    for (Region region : regions) {
      if (inRegion < region.pages()) {
        return cursor.state(region.index(), (int) inRegion);
      }
      inRegion -= region.pages();
    }
    return PageState.ABSENT;
  }

  /** A rare state must not vanish behind a common one. */
  private static int weight(int state) {
    if ((state & (PageState.POISONED | PageState.ERROR)) != 0) {
      return 6;
    }
    if ((state & PageState.WAITING) != 0) {
      return 5;
    }
    if ((state & PageState.UFFD_WP) != 0) {
      return 4;
    }
    if ((state & PageState.DIRTY) != 0) {
      return 3;
    }
    if ((state & (PageState.MAPPED | PageState.STAGE2)) != 0) {
      return 2;
    }
    return state == PageState.ABSENT || state == PageState.UNKNOWN ? 0 : 1;
  }
}
