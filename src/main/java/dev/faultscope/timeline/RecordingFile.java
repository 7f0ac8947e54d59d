package dev.faultscope.timeline;

import dev.faultscope.model.Actor;
import dev.faultscope.model.Bookmark;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.KernelProfile;
import dev.faultscope.model.Region;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A recording being written to a {@code .fscope} file (docs/trace-format.md), readable while it
 * grows.
 *
 * <p>One thread at a time may write; any number may read {@link #timeline()}, which stays open
 * after {@link #close} until it is closed itself.
 */
public final class RecordingFile implements Recorder, AutoCloseable {
  /** Checkpoints may take this fraction of what the events since the last one take. */
  private static final int CHECKPOINT_SHARE = 4;

  /** A seek replays at most half as many events. */
  private static final int MOST_BETWEEN_CHECKPOINTS = 24 * FileFormat.CHUNK_EVENTS;

  /** Declarations kept until the next chunk of events is sealed. */
  private static final int MOST_UNDECLARED = 4096;

  private final ChunkSealer sealer;
  private final EventStore store;
  private final Declarations declarations;
  private final FileTimeline timeline;
  private final StateCodes codes;
  private final PageStates states;
  private final long[][] tails = new long[2][FileFormat.CHUNK_EVENTS * Records.LONGS];
  private final List<Consumer<ChunkWriter>> undeclared = new ArrayList<>();
  private int actors;
  private int declaredStates;
  private int tailIndex;
  private long[] tail = tails[0];
  private Contents contents = new Contents();
  private long tailFirst = 1;
  private long last;
  private long lastNs;
  private long checkpointAt;
  private boolean closed;
  private ChunkSealer.@Nullable Filled sealing;
  private @Nullable UncheckedIOException failure;

  /** Begins in a file, which it closes, now if the beginning cannot be written. */
  RecordingFile(Path file, FileChannel channel, TimelineInfo info, ThreadFactory threads) {
    store = new EventStore(file);
    declarations = new Declarations(info);
    codes = declarations.codes();
    sealer = new ChunkSealer(channel, store, codes, threads);
    timeline = new FileTimeline(store, declarations);
    states =
        new PageStates(
            offset -> {
              throw new AssertionError("a recorder keeps every tile in memory");
            });
    store.retain();
    store.startTail(1, tail, contents);
    undeclared.add(to -> Declarations.write(to, info));
    try {
      declare();
    } catch (UncheckedIOException e) {
      close();
      throw e;
    }
  }

  /**
   * Creates a recording; a file that exists is overwritten.
   *
   * @throws IOException if the file cannot be created
   */
  public static RecordingFile create(Path file, TimelineInfo info) throws IOException {
    return create(file, info, Thread.ofPlatform().daemon().name("seal").factory());
  }

  /**
   * As {@link #create(Path, TimelineInfo)}.
   *
   * @param threads makes the thread that writes the file
   */
  public static RecordingFile create(Path file, TimelineInfo info, ThreadFactory threads)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      return new RecordingFile(file, channel, info, threads);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Opens a recording to read. A file that was cut, damaged or never finished yields everything up
   * to its last whole chunk; {@link Timeline#recovery()} says what was lost.
   *
   * @throws IOException if the file cannot be read
   * @throws TimelineException if it is no recording, or one of a newer version
   */
  public static Timeline open(Path file) throws IOException {
    return open(file, String.valueOf(file.getFileName()));
  }

  /**
   * As {@link #open(Path)}, of a file that people call by another name.
   *
   * @param name the title where the recording itself has none any more
   */
  public static Timeline open(Path file, String name) throws IOException {
    return FileScan.open(file, name);
  }

  /** {@return the timeline of what is written} */
  public Timeline timeline() {
    return timeline;
  }

  @Override
  public void region(Region region) {
    checkOpen();
    declarations.add(region);
    states.addRegion(region.pages());
    undeclared.add(to -> Declarations.write(to, region));
  }

  @Override
  public void actor(Actor actor) {
    checkOpen();
    declarations.put(actor);
    actors = declarations.actorCount();
    undeclared.add(to -> Declarations.write(to, actor));
    if (undeclared.size() > MOST_UNDECLARED) {
      declare();
    }
  }

  @Override
  public void kernel(KernelProfile profile) {
    checkOpen();
    declarations.kernel(profile);
    undeclared.add(to -> Declarations.write(to, profile));
  }

  @Override
  public void note(String text) {
    checkOpen();
    String kept = Declarations.bounded(text);
    if (declarations.note(kept)) {
      undeclared.add(to -> Declarations.write(to, kept));
    }
  }

  @Override
  public void bookmark(Bookmark bookmark) {
    checkOpen();
    if (declarations.bookmark(bookmark)) {
      undeclared.add(to -> Declarations.write(to, bookmark));
    }
  }

  @Override
  public long append(EventDraft draft) {
    checkOpen();
    draft.check(states, actors, last);
    sealFullTail();
    long first = last + 1;
    long time = Math.max(draft.timeNs, lastNs);
    if (draft.pageCount == 0 || draft.region == Event.NONE) {
      put(draft, time, draft.flags, draft.firstPage, draft.pageCount, 0, 0);
    } else if (draft.pageCount == 1) {
      int change = states.change(codes, draft.region, draft.firstPage, draft.clear, draft.set);
      put(draft, time, draft.flags, draft.firstPage, 1, change >>> 16, change & 0xffff);
    } else {
      appendRuns(draft, time);
    }
    store.publish(last);
    return first;
  }

  private void appendRuns(EventDraft draft, long time) {
    int end = draft.firstPage + draft.pageCount;
    int flags = draft.flags;
    for (int page = draft.firstPage; page < end; ) {
      int before = states.get(draft.region, page);
      int after = codes.after(draft.region, before, draft.clear, draft.set);
      int next = states.runEnd(draft.region, page, end);
      put(draft, time, flags, page, next - page, before, after);
      flags |= EventFlags.CONTINUED;
      if (before != after) {
        states.fill(draft.region, page, next - page, after);
      }
      page = next;
      if (page < end) {
        sealFullTail();
      }
    }
  }

  private void put(
      EventDraft draft, long time, int flags, int first, int count, int before, int after) {
    long sequence = last + 1;
    long distance = draft.cause == 0 ? 0 : sequence - draft.cause;
    long pages = Records.pages(first, count, flags);
    long change = Records.change(distance > 0xffff_ffffL ? 0 : distance, before, after);
    long who =
        Records.who(draft.region, draft.actor, draft.kind.code(), draft.detail, flags, draft.errno);
    int at = (int) (sequence - tailFirst) * Records.LONGS;
    tail[at] = time;
    tail[at + 1] = draft.contents == 0 ? pages : Records.withMore(pages);
    tail[at + 2] = change;
    tail[at + 3] = who;
    if (draft.contents > 0) {
      contents.add(at / Records.LONGS, draft);
    }
    last = sequence;
    lastNs = time;
  }

  /** Makes room for a record, before its pages change: a checkpoint is of what is in the file. */
  private void sealFullTail() {
    if (last - tailFirst + 1 == FileFormat.CHUNK_EVENTS) {
      store.publish(last);
      seal();
    }
  }

  @Override
  public int stateOf(int region, int page) {
    if (region < 0 || region >= states.regionCount() || page < 0 || page >= states.pages(region)) {
      throw new IllegalArgumentException("page " + page + " of region " + region + " is unknown");
    }
    return codes.state(region, states.get(region, page));
  }

  @Override
  public long lastSequence() {
    return last;
  }

  /**
   * Seals what was appended so far into a chunk of its own, so that a crash of this process cannot
   * take it. A chunk has a price of some hundred bytes: not after every event.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public void flush() {
    checkOpen();
    seal();
    awaitSealed();
  }

  /**
   * Seals everything and marks the recording as whole; nothing can be added after.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public void complete() {
    checkOpen();
    seal();
    writing(() -> sealer.finish(last));
    close();
  }

  /** Ends writing: without {@link #complete} the recording stays marked as unfinished. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      if (failure == null) {
        seal();
        awaitSealed();
      }
    } finally {
      closed = true;
      try {
        sealer.close();
      } finally {
        timeline.completed();
        store.release();
      }
    }
  }

  /** Hands what was appended since the last time to the thread that writes. */
  private void seal() {
    if (last < tailFirst) {
      declare();
      return;
    }
    awaitSealed();
    ChunkSealer.Filled filled =
        new ChunkSealer.Filled(
            tailFirst,
            (int) (last - tailFirst + 1),
            tail,
            contents,
            states.pages(),
            takeUndeclared(),
            isCheckpointDue() ? states.toSave() : null);
    sealing = filled;
    sealer.start(filled);
    tailFirst = last + 1;
    tailIndex = 1 - tailIndex;
    tail = tails[tailIndex];
    contents = contents.next();
    store.startTail(tailFirst, tail, contents);
  }

  private boolean isCheckpointDue() {
    long since = last - checkpointAt;
    long cost = (long) states.unsaved() * Tile.PACKED_BYTES * CHECKPOINT_SHARE;
    if (since < MOST_BETWEEN_CHECKPOINTS && since * Records.BYTES < cost) {
      return false;
    }
    checkpointAt = last;
    return true;
  }

  /** Waits until what was handed over is in the file: its buffer may be filled again. */
  private void awaitSealed() {
    writing(sealer::await);
    PageStates saved = sealing == null ? null : sealing.states();
    if (saved != null) {
      states.saved(saved);
    }
    sealing = null;
  }

  private void declare() {
    List<Consumer<ChunkWriter>> declared = takeUndeclared();
    if (!declared.isEmpty()) {
      writing(() -> sealer.declare(declared, last));
    }
  }

  private List<Consumer<ChunkWriter>> takeUndeclared() {
    int[] known = codes.declared();
    for (; declaredStates < known.length; declaredStates++) {
      int code = StateCodes.FIRST_DECLARED + declaredStates;
      int state = known[declaredStates];
      undeclared.add(to -> Declarations.writeState(to, code, state));
    }
    List<Consumer<ChunkWriter>> taken = List.copyOf(undeclared);
    undeclared.clear();
    return taken;
  }

  private void writing(Runnable write) {
    try {
      write.run();
    } catch (UncheckedIOException e) {
      failure = e;
      throw e;
    }
  }

  private void checkOpen() {
    if (failure != null) {
      throw new UncheckedIOException(failure.getMessage(), failure.getCause());
    }
    if (closed) {
      throw new IllegalStateException("the recording is closed");
    }
  }
}
