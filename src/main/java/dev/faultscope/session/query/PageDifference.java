package dev.faultscope.session.query;

import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which pages two recordings have in the same state, each at a moment of its own.
 *
 * @param pagesPerCell consecutive pages that a cell stands for, a power of two; the last cell of a
 *     region may have fewer
 * @param stage2 whether what stage 2 maps is compared: only where both recordings tell all of it
 * @param regions that stand for each other, in the order of the left recording
 * @param leftOnly regions without a counterpart, whose pages are not compared
 * @param differing the first pages that differ, at most {@value #MAX_PAGES}
 */
public record PageDifference(
    int pagesPerCell,
    boolean stage2,
    List<OfPair> regions,
    List<Alone> leftOnly,
    List<Alone> rightOnly,
    List<Page> differing) {
  /** Most pages told one by one. */
  public static final int MAX_PAGES = 200;

  /** Most cells of all regions together, about. */
  static final int MAX_CELLS = 1 << 14;

  private static final int RUN = 4;

  private static final int PAGES_A_TIME = 1 << 16;

  private static final int STAGE2 =
      PageState.STAGE2
          | PageState.LEAF_2M
          | PageState.LEAF_1G
          | PageState.STAGE2_READ_ONLY
          | PageState.STAGE2_MMIO;

  /**
   * Two regions that stand for each other.
   *
   * @param by {@code name} or {@code place}
   * @param pages that both have, which are compared
   * @param runs of equal cells, four numbers each: how many cells, and how many pages of each of
   *     them are the same, differ, and are unknown on at least one side
   */
  public record OfPair(
      int left,
      int right,
      String leftName,
      String rightName,
      String by,
      int pages,
      int leftPages,
      int rightPages,
      long same,
      long differing,
      long unknown,
      List<Integer> runs) {}

  /** A region that the other recording has not. */
  public record Alone(int region, String name, int pages) {}

  /**
   * A page whose states differ.
   *
   * @param region the left one
   * @param rightRegion the one that stands for it
   */
  public record Page(
      int region,
      int rightRegion,
      int page,
      int left,
      int right,
      List<String> leftFacts,
      List<String> rightFacts) {}

  /** {@return pages that are the same, of all that are compared} */
  public long same() {
    return regions.stream().mapToLong(OfPair::same).sum();
  }

  /** {@return pages that differ} */
  public long different() {
    return regions.stream().mapToLong(OfPair::differing).sum();
  }

  /** {@return pages of which at least one recording does not tell the state} */
  public long unknown() {
    return regions.stream().mapToLong(OfPair::unknown).sum();
  }

  /** {@return the difference between one recording at a moment and another at one of its own} */
  static PageDifference of(Timeline left, Cursor first, Timeline right, Cursor second) {
    RegionPairs matched = RegionPairs.of(left.regions(), right.regions());
    long pages = matched.pairs().stream().mapToLong(RegionPairs.Pair::pages).sum();
    int shift = 0;
    while (pages >> shift > MAX_CELLS) {
      shift++;
    }
    boolean stage2 = tellsStage2(left) && tellsStage2(right);
    List<Page> differing = new ArrayList<>();
    List<OfPair> regions = new ArrayList<>();
    for (RegionPairs.Pair pair : matched.pairs()) {
      Counting counting =
          new Counting(pair, left, first, right, second, stage2 ? 0 : STAGE2, shift, differing);
      regions.add(counting.counted());
    }
    return new PageDifference(
        1 << shift,
        stage2,
        regions,
        matched.leftOnly().stream().map(PageDifference::alone).toList(),
        matched.rightOnly().stream().map(PageDifference::alone).toList(),
        differing);
  }

  /** Only a simulation sees what KVM maps besides faults. */
  private static boolean tellsStage2(Timeline timeline) {
    return timeline.info().isSimulated();
  }

  private static Alone alone(Region region) {
    return new Alone(region.index(), region.name(), region.pages());
  }

  /** Counts the pages of two regions, cell by cell. */
  private static final class Counting {
    private final RegionPairs.Pair pair;
    private final Timeline left;
    private final Cursor first;
    private final Timeline right;
    private final Cursor second;
    private final int ignored;
    private final int shift;
    private final List<Page> found;
    private final List<Integer> runs = new ArrayList<>();
    private final int[] cell = new int[RUN - 1];
    private final long[] all = new long[RUN - 1];

    Counting(
        RegionPairs.Pair pair,
        Timeline left,
        Cursor first,
        Timeline right,
        Cursor second,
        int ignored,
        int shift,
        List<Page> found) {
      this.pair = pair;
      this.left = left;
      this.first = first;
      this.right = right;
      this.second = second;
      this.ignored = ignored;
      this.shift = shift;
      this.found = found;
    }

    OfPair counted() {
      char[] one = new char[Math.min(PAGES_A_TIME, pair.pages())];
      char[] other = new char[one.length];
      int mine = pair.left().index();
      int theirs = pair.right().index();
      // Beyond the last page of all that there may be are no numbers: a long counts on.
      for (long at = 0; at < pair.pages(); at += one.length) {
        int page = (int) at;
        int count = Math.min(one.length, pair.pages() - page);
        if (first.isUntouched(mine, page, count) && second.isUntouched(theirs, page, count)) {
          alike(page, count, verdict(left.codes().state(mine, 0), right.codes().state(theirs, 0)));
        } else {
          first.states(mine, page, count, one, 0);
          second.states(theirs, page, count, other, 0);
          for (int i = 0; i < count; i++) {
            int state = left.codes().state(mine, one[i]);
            int otherState = right.codes().state(theirs, other[i]);
            Verdict verdict = verdict(state, otherState);
            if (verdict == Verdict.DIFFERS && found.size() < MAX_PAGES) {
              found.add(page(page + i, state, otherState));
            }
            alike(page + i, 1, verdict);
          }
        }
      }
      return new OfPair(
          mine,
          theirs,
          pair.left().name(),
          pair.right().name(),
          pair.by().name().toLowerCase(Locale.ROOT),
          pair.pages(),
          pair.left().pages(),
          pair.right().pages(),
          all[Verdict.SAME.ordinal()],
          all[Verdict.DIFFERS.ordinal()],
          all[Verdict.UNKNOWN.ordinal()],
          List.copyOf(runs));
    }

    private Page page(int page, int state, int otherState) {
      return new Page(
          pair.left().index(),
          pair.right().index(),
          page,
          state,
          otherState,
          PageState.describe(state),
          PageState.describe(otherState));
    }

    private Verdict verdict(int one, int other) {
      if (((one | other) & PageState.UNKNOWN) != 0) {
        return Verdict.UNKNOWN;
      }
      return (one & ~ignored) == (other & ~ignored) ? Verdict.SAME : Verdict.DIFFERS;
    }

    /** Pages from one on are of one verdict; cells that are full with them are told. */
    private void alike(int from, int count, Verdict verdict) {
      all[verdict.ordinal()] += count;
      int end = from + count;
      int page = from;
      while (page < end) {
        int full = (int) Math.min(pair.pages(), (page >> shift) + 1L << shift);
        int here = Math.min(end, full) - page;
        cell[verdict.ordinal()] += here;
        page += here;
        if (page == full) {
          endCell();
        }
      }
    }

    private void endCell() {
      int last = runs.size() - RUN;
      boolean again = last >= 0;
      for (int i = 0; again && i < cell.length; i++) {
        again = runs.get(last + 1 + i) == cell[i];
      }
      if (again) {
        runs.set(last, runs.get(last) + 1);
      } else {
        runs.add(1);
        for (int count : cell) {
          runs.add(count);
        }
      }
      Arrays.fill(cell, 0);
    }
  }

  /** What is said of two states; the order is that of a run's numbers. */
  private enum Verdict {
    SAME,
    DIFFERS,
    UNKNOWN
  }
}
