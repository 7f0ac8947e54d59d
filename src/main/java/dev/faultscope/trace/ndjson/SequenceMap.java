package dev.faultscope.trace.ndjson;

import java.util.Arrays;

/**
 * Maps the sequence numbers a file gives its events to those they get here. They differ by a
 * constant between two irregularities, so only those are kept.
 */
final class SequenceMap {
  /** Irregularities kept; beyond, causes are dropped. */
  private static final int MAX = 1 << 20;

  private long[] from = new long[16];
  private long[] shift = new long[16];
  private int count;
  private long expected = 1;
  private long lastShift;
  private long highest;

  /** An event the file calls {@code written} became the records {@code first} to {@code last}. */
  void put(long written, long first, long last) {
    long delta = first - written;
    if (written <= highest) {
      throw new IllegalArgumentException(
          "seq " + written + " does not follow " + highest + "; its causes may be wrong");
    }
    if (written != expected || delta != lastShift) {
      mark(written, delta);
    }
    highest = written;
    expected = written + 1;
    lastShift = delta + (last - first);
    if (last != first) {
      mark(expected, lastShift);
    }
  }

  /** {@return the number here of an event the file calls so, 0 where it has none} */
  long of(long written) {
    if (written > highest || written < 1) {
      return 0;
    }
    int at = Arrays.binarySearch(from, 0, count, written);
    int index = at >= 0 ? at : -at - 2;
    long delta = index < 0 ? 0 : shift[index];
    return Math.max(0, written + delta);
  }

  private void mark(long written, long delta) {
    if (count == MAX) {
      return;
    }
    if (count == from.length) {
      from = Arrays.copyOf(from, count * 2);
      shift = Arrays.copyOf(shift, count * 2);
    }
    from[count] = written;
    shift[count++] = delta;
  }
}
