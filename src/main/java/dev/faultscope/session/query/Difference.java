package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import dev.faultscope.timeline.Cursor;
import dev.faultscope.timeline.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Where two recordings part, and what they came to: for a run and what was forked off it.
 *
 * @param same how many events at the start are the same, byte for byte
 * @param complete whether that was looked for to the end; otherwise at least so many are the same
 * @param left what follows in the first recording, at most {@value #MAX_NEXT}
 * @param right what follows in the second
 * @param comparable whether both have the same regions; page states are compared then only
 * @param differing pages whose states at the ends differ
 * @param pages the first of them, at most {@value #MAX_PAGES}
 * @param counts what each came to
 */
public record Difference(
    long same,
    boolean complete,
    List<ToldEvent> left,
    List<ToldEvent> right,
    boolean comparable,
    long differing,
    List<Page> pages,
    List<Count> counts) {
  /** Most events told of each recording. */
  public static final int MAX_NEXT = 20;

  /** Most pages told. */
  public static final int MAX_PAGES = 200;

  /** Events compared for one answer. */
  public static final long MAX_COMPARED = 20_000_000;

  private static final int RECORD_BYTES = 32;
  private static final int EVENTS_A_TIME = 4096;
  private static final int PAGES_A_TIME = 65_536;

  /** A page whose state at the end is not the same. */
  public record Page(
      int region, int page, int left, int right, List<String> leftFacts, List<String> rightFacts) {}

  /**
   * What both came to.
   *
   * @param name {@code elapsed} is in nanoseconds; others count what they name
   */
  public record Count(String name, long left, long right) {}

  /** {@return how two recordings differ by now} */
  public static Difference of(Timeline left, Timeline right) {
    long leftLast = left.lastSequence();
    long rightLast = right.lastSequence();
    long bound = Math.min(MAX_COMPARED, Math.min(leftLast, rightLast));
    long same = same(left, right, bound);
    List<Page> pages = new ArrayList<>();
    boolean comparable = comparable(left.regions(), right.regions());
    long differing = comparable ? compare(left, leftLast, right, rightLast, pages) : 0;
    return new Difference(
        same,
        same < bound || bound < MAX_COMPARED,
        next(left, same + 1, leftLast),
        next(right, same + 1, rightLast),
        comparable,
        differing,
        pages,
        RecordingTotals.compare(
            RecordingTotals.of(left, leftLast), RecordingTotals.of(right, rightLast)));
  }

  private static long same(Timeline left, Timeline right, long bound) {
    byte[] one = new byte[EVENTS_A_TIME * RECORD_BYTES];
    byte[] other = new byte[EVENTS_A_TIME * RECORD_BYTES];
    for (long done = 0; done < bound; done += EVENTS_A_TIME) {
      int count = (int) Math.min(EVENTS_A_TIME, bound - done);
      left.copyRecords(done + 1, count, one, 0);
      right.copyRecords(done + 1, count, other, 0);
      int bytes = count * RECORD_BYTES;
      int at = Arrays.mismatch(one, 0, bytes, other, 0, bytes);
      if (at >= 0) {
        return done + at / RECORD_BYTES;
      }
    }
    return bound;
  }

  private static List<ToldEvent> next(Timeline timeline, long from, long last) {
    Narrator narrator = new Narrator(timeline);
    return LongStream.rangeClosed(from, Math.min(last, from + MAX_NEXT - 1))
        .mapToObj(timeline::event)
        .map((Event event) -> ToldEvent.of(timeline, event, narrator))
        .toList();
  }

  private static boolean comparable(List<Region> left, List<Region> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!left.get(i).name().equals(right.get(i).name())
          || left.get(i).pages() != right.get(i).pages()) {
        return false;
      }
    }
    return true;
  }

  private static long compare(
      Timeline left, long leftLast, Timeline right, long rightLast, List<Page> found) {
    char[] one = new char[PAGES_A_TIME];
    char[] other = new char[PAGES_A_TIME];
    long differing = 0;
    try (Cursor first = left.cursor();
        Cursor second = right.cursor()) {
      first.seek(leftLast);
      second.seek(rightLast);
      for (Region region : left.regions()) {
        for (int page = 0; page < region.pages(); page += PAGES_A_TIME) {
          int count = Math.min(PAGES_A_TIME, region.pages() - page);
          first.states(region.index(), page, count, one, 0);
          second.states(region.index(), page, count, other, 0);
          for (int i = 0; i < count; i++) {
            int mine = left.codes().state(region.index(), one[i]);
            int theirs = right.codes().state(region.index(), other[i]);
            if (mine != theirs) {
              differing++;
              if (found.size() < MAX_PAGES) {
                found.add(page(region.index(), page + i, mine, theirs));
              }
            }
          }
        }
      }
    }
    return differing;
  }

  private static Page page(int region, int page, int left, int right) {
    return new Page(region, page, left, right, PageState.describe(left), PageState.describe(right));
  }
}
