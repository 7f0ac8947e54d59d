package dev.faultscope.timeline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fold at any moment: from the nearest saved one, over at most a chunk of events. For one
 * thread.
 */
final class MomentFolder {
  /** Going back refolds at most so many events of the chunk that was folded last. */
  private static final int MARK_EVERY = 1024;

  /** Marks are copies; with more actors than this they would cost more than folding again. */
  private static final int MARKED_ACTORS = 1024;

  private final EventStore store;
  private final Declarations declarations;
  private final RecordWindow window;
  private final @Nullable Fold[] marks = new Fold[FileFormat.CHUNK_EVENTS / MARK_EVERY + 1];
  private long marksFrom = -1;
  private Fold fold = new Fold();

  MomentFolder(EventStore store, Declarations declarations) {
    this.store = store;
    this.declarations = declarations;
    window = new RecordWindow(store);
  }

  /** {@return the fold at a moment; valid until the next call} */
  Fold at(long moment) {
    if (moment < fold.position() || moment - fold.position() > FileFormat.CHUNK_EVENTS) {
      fold = nearestBefore(moment);
    }
    foldTo(moment);
    return fold;
  }

  private void foldTo(long moment) {
    while (fold.position() < moment) {
      long next = fold.position() + 1;
      int n = window.ahead(next, moment);
      int at = window.at(next);
      long[] records = window.records();
      for (int i = 0; i < n; i++, at += Records.LONGS) {
        fold.apply(next + i, records[at], records[at + 1], records[at + 2], records[at + 3]);
        mark();
      }
    }
  }

  private void mark() {
    long offset = fold.position() - marksFrom;
    if (marksFrom >= 0
        && offset % MARK_EVERY == 0
        && offset >= 0
        && offset / MARK_EVERY < marks.length
        && fold.actors() <= MARKED_ACTORS) {
      marks[(int) (offset / MARK_EVERY)] = fold.copy();
    }
  }

  private Fold nearestBefore(long moment) {
    long offset = moment - marksFrom;
    if (marksFrom >= 0 && offset >= 0 && offset <= FileFormat.CHUNK_EVENTS) {
      for (int i = (int) (offset / MARK_EVERY); i >= 0; i--) {
        Fold mark = marks[i];
        if (mark != null) {
          return mark.copy();
        }
      }
    }
    Fold start = savedBefore(moment);
    marksFrom = start.position();
    Arrays.fill(marks, null);
    marks[0] = start.copy();
    return start;
  }

  /** The moment saved with the last chunk that begins before one; moment 0 where none is. */
  private Fold savedBefore(long moment) {
    int index = store.chunkIndexOf(moment + 1);
    for (int i = index < 0 ? store.chunkCount() - 1 : index; i >= 0; i--) {
      EventStore.Chunk chunk = store.chunk(i);
      if (chunk.summary() > 0 && chunk.first() <= moment + 1) {
        return ChunkSummaries.fold(store, chunk, declarations);
      }
    }
    return new Fold();
  }
}
