package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Reads a file once from front to back, checks every checksum and every record, and stops at the
 * first thing that is not whole.
 */
final class FileScan {
  private static final int BLOCK = 1024;
  private static final long[] NO_RECORD = {};

  /** Why reading stops; the rest of the file is lost. */
  private static final class Stop extends Exception {
    private static final long serialVersionUID = 1L;

    final String reason;

    Stop(String reason) {
      super(reason, null, false, false);
      this.reason = reason;
    }
  }

  private final Path file;
  private final MemorySegment bytes;
  private final EventStore store;
  private final Declarations declarations;
  private final long[] records = new long[BLOCK * Records.LONGS];
  private long last;
  private long lastNs;
  private long lastCheckpoint = -1;
  private EventStore.Chunk events;
  private long wholeTo;
  private boolean ended;
  private int version = FileFormat.VERSION;

  private FileScan(Path file, EventStore store, Declarations declarations) {
    this.file = file;
    this.store = store;
    this.declarations = declarations;
    bytes = store.mapped();
    events = new EventStore.Chunk(1, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  static Timeline open(Path file, String name) throws IOException {
    EventStore store = new EventStore(file);
    boolean opened = false;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      store.mapWhole(channel, channel.size());
      Declarations declarations = new Declarations(new TimelineInfo(name, "unknown", 0));
      FileScan scan = new FileScan(file, store, declarations);
      Recovery recovery = scan.read();
      opened = true;
      return new FileTimeline(store, declarations, recovery);
    } catch (InternalError e) {
      throw new TimelineException(file, 0, "the file became shorter while it was read");
    } finally {
      if (!opened) {
        store.release();
      }
    }
  }

  private Recovery read() {
    checkFileHeader();
    checkFeatures();
    long at = 0;
    try {
      if (bytes.byteSize() < FileFormat.FILE_HEADER_BYTES) {
        throw new Stop("the file ends within its header");
      }
      at = FileFormat.FILE_HEADER_BYTES;
      while (at < bytes.byteSize() && !ended) {
        at = readChunk(at);
      }
    } catch (Stop e) {
      long end = Math.max(at, wholeTo);
      return finish(new Recovery(true, end, bytes.byteSize() - end, e.reason));
    } catch (TimelineException e) {
      String reason = "damaged at byte " + e.offset() + ": " + e.reason();
      return finish(new Recovery(true, at, bytes.byteSize() - at, reason));
    }
    if (!ended) {
      return finish(new Recovery(true, at, 0, "the recording was never completed"));
    }
    if (at < bytes.byteSize()) {
      String reason = "bytes follow the end of the recording";
      return finish(new Recovery(false, at, bytes.byteSize() - at, reason));
    }
    return finish(Recovery.whole(bytes.byteSize()));
  }

  private Recovery finish(Recovery recovery) {
    addEvents();
    store.publish(last);
    return recovery;
  }

  private void checkFileHeader() {
    long size = bytes.byteSize();
    for (int i = 0; i < Math.min(size, 8); i++) {
      if (bytes.get(FileFormat.U8, i) != (byte) (FileFormat.MAGIC >>> (8 * i))) {
        throw new TimelineException(
            file, i, "not a Faultscope recording: open a .fscope file, or import a trace");
      }
    }
    if (size >= 10) {
      version = bytes.get(FileFormat.U16, 8) & 0xffff;
      store.version(version);
      if (version < FileFormat.OLDEST_VERSION || version > FileFormat.VERSION) {
        throw new TimelineException(
            file,
            8,
            "the recording has format version "
                + version
                + ", this program reads versions "
                + FileFormat.OLDEST_VERSION
                + " to "
                + FileFormat.VERSION
                + ": open it with the program that wrote it or a newer one");
      }
    }
  }

  private void checkFeatures() {
    if (version > 1 && bytes.byteSize() >= FileFormat.FILE_HEADER_BYTES) {
      int features = bytes.get(FileFormat.I32, 12);
      if (features != 0) {
        throw new TimelineException(
            file,
            12,
            "the recording needs features 0x"
                + Integer.toHexString(features)
                + " that this program does not know: open it with a newer one");
      }
    }
  }

  /** Reads one chunk and returns where the next begins. */
  private long readChunk(long at) throws Stop {
    long size = bytes.byteSize();
    if (size - at < FileFormat.CHUNK_HEADER_BYTES) {
      throw new Stop("the file was cut within a chunk's header");
    }
    ChunkReader header = new ChunkReader(file, bytes, at, FileFormat.CHUNK_HEADER_BYTES);
    int magic = header.i32();
    int type = header.i32();
    long length = header.i64();
    long first = header.i64();
    long lastOfChunk = header.i64();
    int checksum = header.i32();
    if (header.i32() != crc(at, FileFormat.CHUNK_HEADER_BYTES - 4)) {
      throw new Stop(
          magic == 0 && length == 0
              ? "the recording was not completed: its writer stopped here"
              : "a chunk's header is damaged");
    }
    if (magic != FileFormat.CHUNK_MAGIC) {
      throw new Stop("no chunk begins here");
    }
    long payload = at + FileFormat.CHUNK_HEADER_BYTES;
    if (length < 0 || length > size - payload) {
      if (type == FileFormat.EVENTS && isNext(first, lastOfChunk, length)) {
        takeBegun(first, lastOfChunk, payload);
      }
      throw new Stop("the file was cut within a chunk");
    }
    if (crc(payload, length) != checksum) {
      throw new Stop("a chunk's checksum does not match: the file is damaged");
    }
    if (type >>> 16 != 0) {
      throw new Stop(
          "a chunk has encoding "
              + (type >>> 16)
              + ": use a newer program, this one does not know it");
    }
    take(type, payload, length, first, lastOfChunk);
    return Math.min(FileFormat.aligned(payload + length), size);
  }

  private void take(int type, long payload, long length, long first, long lastOfChunk) throws Stop {
    switch (type) {
      case FileFormat.META ->
          declarations.read(new ChunkReader(file, bytes, payload, length), version);
      case FileFormat.EVENTS -> {
        if (first != last + 1 || lastOfChunk < first) {
          throw new Stop("events " + first + " to " + lastOfChunk + " do not follow " + last);
        }
        long count = lastOfChunk - first + 1;
        if (count > FileFormat.CHUNK_EVENTS || count * Records.BYTES != length) {
          throw new Stop("a chunk of " + length + " bytes cannot hold " + count + " events");
        }
        if (store.chunkCount() >= FileFormat.MAX_CHUNKS - 1) {
          throw new Stop("more than " + FileFormat.MAX_CHUNKS + " chunks of events");
        }
        addEvents();
        int whole = possible(first, (int) count, payload);
        if (whole < count) {
          throw new Stop("event " + (first + whole) + " cannot be: the file is damaged");
        }
        begin(first, whole, payload);
      }
      case FileFormat.MORE -> {
        if (events.count() > 0 && first == events.first() && lastOfChunk == last) {
          Contents.read(new ChunkReader(file, bytes, payload, length), events.count());
          events = events.withMore(payload, length);
        }
      }
      case FileFormat.SUMMARY -> {
        if (events.count() > 0 && first == events.first() && lastOfChunk == last) {
          events = events.withSummary(payload, length);
        }
      }
      case FileFormat.CHECKPOINT -> {
        addEvents();
        if (lastOfChunk == last
            && length >= 12
            && store.checkpointCount() < FileFormat.MAX_CHUNKS
            && lastCheckpoint < last) {
          lastCheckpoint = last;
          store.add(new EventStore.Checkpoint(last, payload, length));
        }
      }
      case FileFormat.END -> ended = true;
      default -> {
        // A kind of chunk that a later minor change adds and that reading does not need.
      }
    }
  }

  private boolean isNext(long first, long lastOfChunk, long length) {
    long count = lastOfChunk - first + 1;
    return first == last + 1
        && count > 0
        && count <= FileFormat.CHUNK_EVENTS
        && count * Records.BYTES == length
        && store.chunkCount() < FileFormat.MAX_CHUNKS - 1;
  }

  /** The events of a chunk that are there though its end, and so its checksum, is not. */
  private void takeBegun(long first, long lastOfChunk, long payload) {
    long there = Math.min(lastOfChunk - first + 1, (bytes.byteSize() - payload) / Records.BYTES);
    int whole = possible(first, (int) there, payload);
    if (whole > 0) {
      addEvents();
      begin(first, whole, payload);
      wholeTo = payload + (long) whole * Records.BYTES;
    }
  }

  /** {@return how many of a chunk's records can be, up to the first that cannot} */
  private int possible(long first, int count, long payload) {
    long time = lastNs;
    for (int done = 0; done < count; ) {
      int n = Math.min(BLOCK, count - done);
      long at = payload + (long) done * Records.BYTES;
      MemorySegment.copy(bytes, FileFormat.I64, at, records, 0, n * Records.LONGS);
      boolean fits = version > 1 || upgrade(n);
      for (int i = 0; i < n; i++) {
        if (!fits
            || !isPossible(first + done + i, i * Records.LONGS)
            || records[i * Records.LONGS] < time) {
          return done + i;
        }
        time = records[i * Records.LONGS];
      }
      done += n;
    }
    return count;
  }

  private void begin(long first, int count, long payload) {
    last = first + count - 1;
    lastNs = bytes.get(FileFormat.I64, payload + (count - 1L) * Records.BYTES);
    long firstNs = bytes.get(FileFormat.I64, payload);
    events = new EventStore.Chunk(first, count, payload, firstNs, lastNs, 0, 0, 0, 0);
  }

  /** Brings records of version 1 into today's form; {@return whether they fit it} */
  private boolean upgrade(int count) {
    for (int at = 0; at < count * Records.LONGS; at += Records.LONGS) {
      if (!Records.fitsVersion1(records[at + 1], records[at + 3])) {
        return false;
      }
    }
    Records.upgrade(NO_RECORD, records, 0, count);
    return true;
  }

  private boolean isPossible(long sequence, int at) {
    long pages = records[at + 1];
    long who = records[at + 3];
    int region = Records.region(who);
    int actor = Records.actor(who);
    int first = Records.firstPage(pages);
    int count = Records.pageCount(pages);
    return EventKind.isCode(Records.kind(who))
        && Records.causeDistance(records[at + 2]) < sequence
        && declarations.codes().isCode(Records.before(records[at + 2]))
        && declarations.codes().isCode(Records.after(records[at + 2]))
        && (actor == Event.NONE || actor < declarations.actorCount())
        && (region == Event.NONE
            || (region < declarations.regionCount()
                && first <= declarations.region(region).pages() - count));
  }

  private void addEvents() {
    if (events.count() > 0) {
      store.add(events);
      events = new EventStore.Chunk(last + 1, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  }

  private int crc(long offset, long length) {
    CRC32C crc = new CRC32C();
    for (long done = 0; done < length; ) {
      long n = Math.min(length - done, 1 << 30);
      crc.update(bytes.asSlice(offset + done, n).asByteBuffer());
      done += n;
    }
    return (int) crc.getValue();
  }
}
