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

  private final FileChannel channel;
  private final ChunkWriter writer;
  private final EventStore store;
  private final Declarations declarations;
  private final FileTimeline timeline;
  private final StateCodes codes;
  private final PageStates states;
  private final SummaryBuilder summary = new SummaryBuilder();
  private final Fold fold = new Fold();
  private final long[][] tails = new long[2][FileFormat.CHUNK_EVENTS * Records.LONGS];
  private final List<Consumer<ChunkWriter>> undeclared = new ArrayList<>();
  private int actors;
  private int declaredStates;
  private int tailIndex;
  private long[] tail = tails[0];
  private Contents contents = new Contents();
  private Fold foldAtStart = new Fold();
  private long tailFirst = 1;
  private long last;
  private long lastNs;
  private long checkpointAt;
  private boolean closed;
  private @Nullable UncheckedIOException failure;

  RecordingFile(Path file, FileChannel channel, TimelineInfo info) {
    this.channel = channel;
    writer = new ChunkWriter(channel);
    store = new EventStore(file);
    declarations = new Declarations(info);
    codes = declarations.codes();
    timeline = new FileTimeline(store, declarations);
    states =
        new PageStates(
            offset -> {
              throw new AssertionError("a recorder keeps every tile in memory");
            });
    store.retain();
    store.startTail(1, tail, contents);
    undeclared.add(to -> Declarations.write(to, info));
    declare();
  }

  /**
   * Creates a recording; a file that exists is overwritten.
   *
   * @throws IOException if the file cannot be created
   */
  public static RecordingFile create(Path file, TimelineInfo info) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      return new RecordingFile(file, channel, info);
    } catch (UncheckedIOException e) {
      channel.close();
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
      writing(this::declare);
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
    long first = last + 1;
    long time = Math.max(draft.timeNs, lastNs);
    if (draft.pageCount == 0 || draft.region == Event.NONE) {
      put(draft, time, draft.flags, draft.firstPage, draft.pageCount, 0, 0);
    } else if (draft.pageCount == 1) {
      sealFullTail();
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
    }
  }

  private void put(
      EventDraft draft, long time, int flags, int first, int count, int before, int after) {
    sealFullTail();
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
  }

  /**
   * Seals everything and marks the recording as whole; nothing can be added after.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public void complete() {
    checkOpen();
    seal();
    writing(
        () -> {
          writer.begin(FileFormat.END, last, last);
          writer.finish();
        });
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
      }
    } finally {
      closed = true;
      timeline.completed();
      store.release();
      try (channel) {
        channel.truncate(writer.end());
      } catch (IOException e) {
        throw new UncheckedIOException("recording cannot be closed: " + e.getMessage(), e);
      }
    }
  }

  private void seal() {
    writing(this::declare);
    if (last < tailFirst) {
      return;
    }
    writing(
        () -> {
          int count = (int) (last - tailFirst + 1);
          writer.begin(FileFormat.EVENTS, tailFirst, last);
          writer.longs(tail, count * Records.LONGS);
          long payload = writer.finish();
          long moreAt = writer.end();
          long moreBytes = 0;
          if (!contents.isEmpty()) {
            writer.begin(FileFormat.MORE, tailFirst, last);
            contents.write(writer);
            moreAt = writer.finish();
            moreBytes = contents.bytes();
          }
          writer.begin(FileFormat.SUMMARY, tailFirst, last);
          foldAtStart.write(writer);
          summary.add(tail, count, fold, states, codes);
          summary.write(writer, fold);
          long summaryAt = writer.finish();
          store.map(channel, writer.end());
          store.add(
              new EventStore.Chunk(
                  tailFirst,
                  count,
                  payload,
                  tail[0],
                  lastNs,
                  moreAt,
                  moreBytes,
                  summaryAt,
                  writer.end() - summaryAt));
        });
    foldAtStart = fold.copy();
    tailFirst = last + 1;
    tailIndex = 1 - tailIndex;
    tail = tails[tailIndex];
    contents = contents.next();
    store.startTail(tailFirst, tail, contents);
    long since = last - checkpointAt;
    long cost = (long) states.unsaved() * Tile.PACKED_BYTES * CHECKPOINT_SHARE;
    if (since >= MOST_BETWEEN_CHECKPOINTS || since * Records.BYTES >= cost) {
      writing(
          () -> {
            EventStore.Checkpoint saved = CheckpointCodec.write(writer, states, last);
            store.map(channel, writer.end());
            store.add(saved);
          });
      checkpointAt = last;
    }
  }

  private void declare() {
    int[] known = codes.declared();
    for (; declaredStates < known.length; declaredStates++) {
      int code = StateCodes.FIRST_DECLARED + declaredStates;
      int state = known[declaredStates];
      undeclared.add(to -> Declarations.writeState(to, code, state));
    }
    if (!undeclared.isEmpty()) {
      writer.begin(FileFormat.META, last, last);
      undeclared.forEach(item -> item.accept(writer));
      writer.finish();
      undeclared.clear();
    }
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
