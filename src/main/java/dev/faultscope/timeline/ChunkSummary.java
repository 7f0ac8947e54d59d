package dev.faultscope.timeline;

import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a chunk of events contains, so that a search can skip it. Every answer is exact or errs
 * towards "may". Immutable.
 */
public final class ChunkSummary {
  /** Pages of one bit of a region's bitmap, at the least: the pages of a tile. */
  static final int TOUCHED_BITS = 4096;

  /** Which pages of one region a chunk touches: bit b stands for the tiles from b << shift. */
  record Touched(int region, int shift, long[] bits) {
    boolean any(int first, int count) {
      long end = Math.min((long) first + count, Integer.MAX_VALUE);
      int last = (int) ((end - 1) >> (Tile.SHIFT + shift));
      for (int bit = first >> (Tile.SHIFT + shift); bit <= last && bit >> 6 < bits.length; bit++) {
        if ((bits[bit >> 6] >>> bit & 1) != 0) {
          return true;
        }
      }
      return false;
    }

    /** {@return the shift with which a region's tiles fit a bitmap} */
    static int shiftOf(int pages) {
      int shift = 0;
      while ((pages - 1L) >> (Tile.SHIFT + shift) >= TOUCHED_BITS) {
        shift++;
      }
      return shift;
    }
  }

  private final long firstSequence;
  private final long lastSequence;
  private final long firstNs;
  private final long lastNs;
  private final int[] kinds;
  private final long[] errnos;
  private final long ioctls;
  private final int flags;
  private final int before;
  private final int after;
  private final int minDepth;
  private final int maxDepth;
  private final long maxLatencyNs;
  private final long[] actors;
  private final Touched[] touched;
  private final int[] blockedActors;
  private final long[] blockedNs;

  private ChunkSummary(ChunkReader from, int version, long firstSequence, long lastSequence) {
    this.firstSequence = firstSequence;
    this.lastSequence = lastSequence;
    firstNs = from.i64();
    lastNs = from.i64();
    maxLatencyNs = from.i64();
    ioctls = from.i64();
    if (version == 1) {
      // Marks that reading adds are in none of its unions.
      flags = from.u8() | EventFlags.CONTINUED;
      from.u8();
      before = from.u16();
      after = from.u16();
      from.u16();
    } else {
      flags = (int) from.i64();
      before = (int) from.i64();
      after = (int) from.i64();
    }
    minDepth = from.i32();
    maxDepth = from.i32();
    kinds = new int[from.count(4)];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = from.i32();
    }
    errnos = new long[4];
    from.longs(errnos, 4);
    actors = new long[from.count(8)];
    from.longs(actors, actors.length);
    touched = new Touched[from.count(8)];
    for (int i = 0; i < touched.length; i++) {
      int region = from.u16();
      int shift = Math.min(from.u16(), Integer.SIZE - 1 - Tile.SHIFT);
      long[] bits = new long[from.count(8)];
      from.longs(bits, bits.length);
      touched[i] = new Touched(region, shift, bits);
    }
    int blocked = from.count(16);
    blockedActors = new int[blocked];
    blockedNs = new long[blocked];
    for (int i = 0; i < blocked; i++) {
      blockedActors[i] = from.i32();
      from.i32();
      blockedNs[i] = from.i64();
    }
  }

  static ChunkSummary read(ChunkReader from, int version, long firstSequence, long lastSequence) {
    return new ChunkSummary(from, version, firstSequence, lastSequence);
  }

  /** {@return sequence number of its first event} */
  public long firstSequence() {
    return firstSequence;
  }

  /** {@return sequence number of its last event} */
  public long lastSequence() {
    return lastSequence;
  }

  /** {@return time of its first event in nanoseconds} */
  public long firstNs() {
    return firstNs;
  }

  /** {@return time of its last event in nanoseconds} */
  public long lastNs() {
    return lastNs;
  }

  /** {@return how many events of a kind it has} */
  public int count(EventKind kind) {
    return kind.code() < kinds.length ? kinds[kind.code()] : 0;
  }

  /** {@return whether an event has this errno} */
  public boolean hasErrno(int errno) {
    return errno >= 0 && errno < 256 && (errnos[errno >> 6] >>> errno & 1) != 0;
  }

  /** {@return whether a CALL or IOCTL may have this code of an ioctl, 0 to 255} */
  public boolean mayHaveIoctl(int code) {
    return (ioctls >>> code & 1) != 0;
  }

  /** {@return every flag that some event has} */
  public int flags() {
    return flags;
  }

  /** {@return every bit set in the state before some event} */
  public int statesBefore() {
    return before;
  }

  /** {@return every bit set in the state after some event} */
  public int statesAfter() {
    return after;
  }

  /** {@return the fewest faults waiting after one of its events} */
  public int minDepth() {
    return minDepth;
  }

  /** {@return the most faults waiting after one of its events} */
  public int maxDepth() {
    return maxDepth;
  }

  /** {@return the longest stall that ends here in nanoseconds, -1 where none does} */
  public long maxLatencyNs() {
    return maxLatencyNs;
  }

  /** {@return whether an event has this actor} */
  public boolean hasActor(int actor) {
    return actor >= 0 && actor >> 6 < actors.length && (actors[actor >> 6] >>> actor & 1) != 0;
  }

  /** {@return whether an event may concern one of these pages} */
  public boolean mayTouch(int region, int firstPage, int pageCount) {
    Touched in = touched(region);
    return in != null && pageCount > 0 && in.any(firstPage, pageCount);
  }

  /** {@return whether an event may concern one of these pages, in whatever region} */
  public boolean mayTouch(int firstPage, int pageCount) {
    for (Touched in : touched) {
      if (pageCount > 0 && in.any(firstPage, pageCount)) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether an event concerns pages of a region} */
  public boolean touches(int region) {
    return touched(region) != null;
  }

  /** {@return how long an actor was blocked between the event before the chunk and its last} */
  public long blockedNs(int actor) {
    int at = Arrays.binarySearch(blockedActors, actor);
    return at < 0 ? 0 : blockedNs[at];
  }

  private @Nullable Touched touched(int region) {
    for (Touched in : touched) {
      if (in.region == region) {
        return in;
      }
    }
    return null;
  }
}
