package dev.faultscope.timeline;

/** The records around one place of a timeline, copied out in blocks. For one thread. */
final class RecordWindow {
  static final int BLOCK = 512;

  private final EventStore store;
  private final long[] records = new long[BLOCK * Records.LONGS];
  private long first = 1;
  private int count;

  RecordWindow(EventStore store) {
    this.store = store;
  }

  /** The records {@link #at} points into. */
  long[] records() {
    return records;
  }

  /** {@return the index of a published event's first long, with those after it read ahead} */
  int at(long sequence) {
    if (sequence < first || sequence >= first + count) {
      read(sequence, (int) Math.min(BLOCK, store.last() - sequence + 1));
    }
    return (int) (sequence - first) * Records.LONGS;
  }

  /** As {@link #at}, with those before it read ahead. */
  int atBackwards(long sequence) {
    if (sequence < first || sequence >= first + count) {
      long from = Math.max(1, sequence - BLOCK + 1);
      read(from, (int) (sequence - from + 1));
    }
    return (int) (sequence - first) * Records.LONGS;
  }

  /** {@return how many records from an event on can be had without reading again, up to a limit} */
  int ahead(long sequence, long limit) {
    at(sequence);
    return (int) Math.min(limit - sequence + 1, first + count - sequence);
  }

  private void read(long from, int wanted) {
    count = 0;
    first = from;
    while (count < wanted) {
      count += store.read(from + count, wanted - count, records, count * Records.LONGS);
    }
  }
}
