package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Content;
import dev.faultscope.model.Event;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A recording's file, read through memory mapping. */
final class FileTimeline implements Timeline {
  private final EventStore store;
  private final Declarations declarations;
  private final Recovery recovery;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ActivityIndex activities;
  private final TallyIndex tallies;
  private final WaitIndex waits = new WaitIndex(this);
  private volatile boolean complete;

  /** A timeline that is being written. */
  FileTimeline(EventStore store, Declarations declarations) {
    this(store, declarations, Recovery.whole(0), false);
  }

  /** A timeline that was opened. */
  FileTimeline(EventStore store, Declarations declarations, Recovery recovery) {
    this(store, declarations, recovery, true);
  }

  private FileTimeline(
      EventStore store, Declarations declarations, Recovery recovery, boolean complete) {
    this.store = store;
    this.declarations = declarations;
    this.recovery = recovery;
    this.complete = complete;
    activities = new ActivityIndex(store);
    tallies = new TallyIndex(store);
  }

  void completed() {
    complete = true;
  }

  @Override
  public TimelineInfo info() {
    return declarations.info();
  }

  @Override
  public Recovery recovery() {
    return recovery;
  }

  @Override
  public List<Region> regions() {
    return declarations.regions();
  }

  @Override
  public List<Actor> actors() {
    return declarations.actors();
  }

  @Override
  public List<Bookmark> bookmarks() {
    return declarations.bookmarks();
  }

  @Override
  public List<String> notes() {
    return declarations.notes();
  }

  @Override
  public @Nullable KernelProfile kernel() {
    return declarations.kernel();
  }

  @Override
  public StateCodes codes() {
    return declarations.codes();
  }

  @Override
  public long lastSequence() {
    return store.last();
  }

  @Override
  public long endNs() {
    long last = store.last();
    return last == 0 ? 0 : timeOf(last);
  }

  @Override
  public boolean isComplete() {
    return complete;
  }

  @Override
  public Event event(long sequence) {
    check(sequence, 1);
    long[] record = new long[Records.LONGS];
    store.read(sequence, 1, record, 0);
    return Records.decode(sequence, record, 0, declarations.codes());
  }

  @Override
  public List<Content> contents(long sequence) {
    check(sequence, 1);
    return store.contents(sequence);
  }

  @Override
  public void copyRecords(long first, int count, byte[] into, int at) {
    check(first, count);
    Objects.checkFromIndexSize(at, (long) count * Records.BYTES, into.length);
    store.copyTo(first, count, into, at);
  }

  @Override
  public long sequenceAt(long timeNs) {
    long low = 1;
    long high = store.last();
    while (low <= high) {
      long middle = (low + high) >>> 1;
      if (timeOf(middle) <= timeNs) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  @Override
  public long tally(Tally of, long moment) {
    Objects.checkIndex(moment, store.last() + 1);
    return tallies.at(of, moment);
  }

  @Override
  public long momentOf(Tally of, long count) {
    return tallies.momentOf(of, count);
  }

  TallyIndex tallyIndex(int stride) {
    return new TallyIndex(store, stride);
  }

  @Override
  public Search search() {
    return new Search(store, declarations);
  }

  @Override
  public Cursor cursor() {
    return new FileCursor(store, declarations);
  }

  @Override
  public ActivityWalk activities(long fromNs) {
    return activities(fromNs, activities);
  }

  ActivityWalk activities(long fromNs, ActivityIndex index) {
    return new FileActivityWalk(this, store, declarations, index, fromNs);
  }

  ActivityIndex activityIndex(long stride, long maxNumbers) {
    return new ActivityIndex(store, stride, maxNumbers);
  }

  @Override
  public Waits waits() {
    return waits.waits();
  }

  @Override
  public Waits waits(LongPredicate wanted, LongPredicate ended) {
    try (WaitIndex some = new WaitIndex(this, wanted, ended)) {
      return some.waits();
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      waits.close();
      store.release();
    }
  }

  private long timeOf(long sequence) {
    long[] record = new long[Records.LONGS];
    store.read(sequence, 1, record, 0);
    return record[0];
  }

  private void check(long first, long count) {
    long last = store.last();
    if (first < 1 || count < 0 || first > last - count + 1) {
      throw new IndexOutOfBoundsException(
          "events " + first + " + " + count + " are not in 1.." + last);
    }
  }
}
