package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A cursor over a recording's file. */
final class FileCursor implements Cursor {
  /** Events that may be replayed in the time a checkpoint's table takes to load. */
  private static final int JUMP_COST = 4096;

  private final EventStore store;
  private final Declarations declarations;
  private final PageStates.TileSource source = this::load;
  private final RecordWindow window;
  private final MomentFolder folder;
  private PageStates states = new PageStates(source);
  private long position;
  private @Nullable PageChangeListener listener;

  FileCursor(EventStore store, Declarations declarations) {
    this.store = store;
    this.declarations = declarations;
    window = new RecordWindow(store);
    folder = new MomentFolder(store, declarations);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public Event event() {
    if (position == 0) {
      throw new IllegalStateException("no event made moment 0");
    }
    int at = window.atBackwards(position);
    return Records.decode(position, window.records(), at, declarations.codes());
  }

  @Override
  public boolean next() {
    if (position >= store.last()) {
      return false;
    }
    int at = window.at(position + 1);
    position++;
    step(at, true);
    return true;
  }

  @Override
  public boolean previous() {
    if (position == 0) {
      return false;
    }
    int at = window.atBackwards(position);
    position--;
    step(at, false);
    return true;
  }

  private void step(int at, boolean forward) {
    long[] records = window.records();
    long pages = records[at + 1];
    long change = records[at + 2];
    long who = records[at + 3];
    if (Records.changesPages(pages, change, who)) {
      int region = Records.region(who);
      int first = Records.firstPage(pages);
      int count = Records.pageCount(pages);
      knowRegions();
      states.fill(region, first, count, forward ? Records.after(change) : Records.before(change));
      if (listener != null) {
        listener.changed(region, first, count);
      }
    }
  }

  @Override
  public void seek(long moment) {
    if (moment < 0 || moment > store.last()) {
      throw new IndexOutOfBoundsException("moment " + moment + " is not in 0.." + store.last());
    }
    if (moment == position) {
      return;
    }
    knowRegions();
    SeekChanges changes = listener == null ? null : new SeekChanges(states, source);
    try {
      jump(moment, changes);
      replay(moment, changes);
    } catch (TimelineException e) {
      states = new PageStates(source);
      position = 0;
      throw e;
    }
    if (changes != null && listener != null) {
      changes.report(listener);
    }
  }

  /** Goes to the nearest checkpoint, where that is nearer than the present moment. */
  private void jump(long moment, @Nullable SeekChanges changes) {
    EventStore.Checkpoint before = store.checkpointBefore(moment);
    EventStore.Checkpoint after = store.checkpointAfter(moment);
    long fromBefore = moment - (before == null ? 0 : before.sequence());
    long fromAfter = after == null ? Long.MAX_VALUE : after.sequence() - moment;
    if (Math.abs(moment - position) <= Math.min(fromBefore, fromAfter) + JUMP_COST) {
      return;
    }
    CheckpointCodec.Replacement told =
        changes == null ? (region, tile, reference, old) -> {} : changes::replaced;
    EventStore.Checkpoint nearest = fromAfter < fromBefore ? after : before;
    if (nearest == null) {
      CheckpointCodec.clear(states, told);
      position = 0;
    } else {
      CheckpointCodec.load(store, nearest, states, told);
      position = nearest.sequence();
    }
  }

  private void replay(long moment, @Nullable SeekChanges changes) {
    while (position < moment) {
      int n = window.ahead(position + 1, moment);
      int at = window.at(position + 1);
      for (int i = 0; i < n; i++, at += Records.LONGS) {
        apply(at, true, changes);
      }
      position += n;
    }
    while (position > moment) {
      int at = window.atBackwards(position);
      long stop = Math.max(moment, position - at / Records.LONGS - 1);
      for (; position > stop; position--, at -= Records.LONGS) {
        apply(at, false, changes);
      }
    }
  }

  private void apply(int at, boolean forward, @Nullable SeekChanges changes) {
    long[] records = window.records();
    long pages = records[at + 1];
    long change = records[at + 2];
    long who = records[at + 3];
    if (Records.changesPages(pages, change, who)) {
      int region = Records.region(who);
      int first = Records.firstPage(pages);
      int count = Records.pageCount(pages);
      states.fill(region, first, count, forward ? Records.after(change) : Records.before(change));
      if (changes != null) {
        changes.changed(region, first, count);
      }
    }
  }

  @Override
  public int state(int region, int page) {
    check(region, page, 1);
    return declarations.codes().state(region, states.get(region, page));
  }

  @Override
  public void states(int region, int firstPage, int count, char[] into, int at) {
    check(region, firstPage, count);
    Objects.checkFromIndexSize(at, count, into.length);
    states.copy(region, firstPage, count, into, at);
  }

  @Override
  public boolean isUntouched(int region, int firstPage, int count) {
    check(region, firstPage, count);
    return states.isUntouched(region, firstPage, count);
  }

  @Override
  public Moment moment() {
    return folder.at(position).moment(declarations.actorCount());
  }

  @Override
  public void onChange(PageChangeListener changed) {
    listener = changed;
  }

  @Override
  public void close() {
    listener = null;
    states = new PageStates(source);
    position = 0;
  }

  private void check(int region, int firstPage, int count) {
    knowRegions();
    Objects.checkIndex(region, states.regionCount());
    Objects.checkFromIndexSize(firstPage, count, states.pages(region));
  }

  private void knowRegions() {
    while (states.regionCount() < declarations.regionCount()) {
      states.addRegion(declarations.region(states.regionCount()).pages());
    }
  }

  private long[] load(long offset) {
    long[] tile = Tile.read(store.mapped(), offset);
    if (tile == null) {
      throw new TimelineException(
          store.file(), offset, "no tile of page states is there: record the timeline again");
    }
    return tile;
  }
}
