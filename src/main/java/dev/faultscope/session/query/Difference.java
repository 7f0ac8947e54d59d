package dev.faultscope.session.query;

import dev.faultscope.model.Event;
import dev.faultscope.timeline.Timeline;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Where two recordings part, and what they came to.
 *
 * @param same how many events at the start are the same, byte for byte
 * @param complete whether that was looked for to the end; otherwise at least so many are the same
 * @param left what follows in the first recording, at most {@value #MAX_NEXT}
 * @param right what follows in the second
 * @param counts what each came to
 */
public record Difference(
    long same, boolean complete, List<ToldEvent> left, List<ToldEvent> right, List<Count> counts) {
  /** Most events told of each recording. */
  public static final int MAX_NEXT = 20;

  /** Events compared for one answer. */
  public static final long MAX_COMPARED = 20_000_000;

  private static final int RECORD_BYTES = 32;
  private static final int EVENTS_A_TIME = 4096;

  /**
   * What both came to.
   *
   * @param unit {@code ns} or {@code count}
   * @param ratio how many times the left figure the right one is; null where the left one is 0
   */
  public record Count(String name, String unit, long left, long right, @Nullable Double ratio) {
    Count(String name, String unit, long left, long right) {
      this(name, unit, left, right, left == 0 ? null : (double) right / left);
    }
  }

  /** {@return how two recordings differ by now} */
  public static Difference of(Timeline left, Timeline right) {
    long leftLast = left.lastSequence();
    long rightLast = right.lastSequence();
    long bound = Math.min(MAX_COMPARED, Math.min(leftLast, rightLast));
    long same = same(left, right, bound);
    return new Difference(
        same,
        same < bound || bound < MAX_COMPARED,
        next(left, same + 1, leftLast),
        next(right, same + 1, rightLast),
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
}
