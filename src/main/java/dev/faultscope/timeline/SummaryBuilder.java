package dev.faultscope.timeline;

import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects a {@link ChunkSummary} while its events are appended. */
final class SummaryBuilder {
  private static final int KINDS = EventKind.values().length + 1;
  private static final int IOCTL = EventKind.IOCTL.code();
  private static final int CALL = EventKind.CALL.code();

  /** The bits of a record that say that a code is declared. */
  private static final long DECLARED_CODES = 0x8000_8000_0000_0000L;

  private final int[] kinds = new int[KINDS];
  private final long[] errnos = new long[4];
  private long[] actors = new long[1];
  private long[] blockedNs = new long[64];
  private ChunkSummary.@Nullable Touched[] touched = new ChunkSummary.Touched[4];
  private int touchedEnd;
  private long ioctls;
  private int flags;
  private int before;
  private int after;
  private int minDepth = Integer.MAX_VALUE;
  private int maxDepth;
  private long maxLatencyNs = -1;
  private long startNs;
  private long firstNs;

  /**
   * Adds the events from an index to before another one, which the fold takes in.
   *
   * @param regionPages how many pages each region has that they name
   */
  void add(long[] records, int from, int to, Fold fold, int[] regionPages, StateCodes codes) {
    if (from == 0) {
      firstNs = records[0];
    }
    long anyPages = 0;
    long anyWho = 0;
    long anyChange = 0;
    int least = minDepth;
    int most = maxDepth;
    long sequence = fold.position();
    long lastPages = 0;
    long calls = 0;
    long lowErrnos = 0;
    int lastRegion = Event.NONE;
    for (int at = from * Records.LONGS; at < to * Records.LONGS; at += Records.LONGS) {
      long time = records[at];
      long pages = records[at + 1];
      long change = records[at + 2];
      long who = records[at + 3];
      fold.apply(++sequence, time, pages, change, who);
      int kind = Records.kind(who);
      kinds[kind]++;
      anyPages |= pages;
      anyWho |= who;
      if ((change & DECLARED_CODES) == 0) {
        anyChange |= change;
      } else {
        before |= codes.state(Records.region(who), Records.before(change));
        after |= codes.state(Records.region(who), Records.after(change));
      }
      int depth = fold.depth();
      least = Math.min(least, depth);
      most = Math.max(most, depth);
      int errno = Records.errno(who);
      if (errno == 0) {
        lowErrnos |= 1;
      } else {
        errnos[errno >> 6] |= 1L << errno;
      }
      if (kind == IOCTL || kind == CALL) {
        calls |= 1L << Records.detail(who);
      }
      int actor = Records.actor(who);
      if (actor != Event.NONE) {
        addActor(actor, time, fold.latencyNs());
      }
      int region = Records.region(who);
      if (region != Event.NONE && (region != lastRegion || !Records.samePages(pages, lastPages))) {
        lastPages = pages;
        lastRegion = region;
        if (touch(region, Records.firstPage(pages), Records.pageCount(pages), regionPages)) {
          int initial = codes.state(region, 0);
          before |= initial;
          after |= initial;
        }
      }
    }
    flags |= Records.flags(anyPages, anyWho);
    ioctls |= calls;
    errnos[0] |= lowErrnos;
    before |= Records.before(anyChange);
    after |= Records.after(anyChange);
    minDepth = least;
    maxDepth = most;
  }

  private void addActor(int actor, long time, long latency) {
    if (actor >> 6 >= actors.length) {
      actors = Arrays.copyOf(actors, (actor >> 6) + 1);
    }
    actors[actor >> 6] |= 1L << actor;
    if (latency >= 0) {
      maxLatencyNs = Math.max(maxLatencyNs, latency);
      addBlocked(actor, Math.min(latency, time - startNs));
    }
  }

  /** Writes the summary of the events added and starts the next one. */
  void write(ChunkWriter to, Fold end) {
    for (int actor = 0; actor < end.actors(); actor++) {
      if (end.isBlocked(actor)) {
        addBlocked(actor, end.timeNs() - Math.max(end.sinceNs(actor), startNs));
      }
    }
    to.i64(firstNs).i64(end.timeNs()).i64(maxLatencyNs).i64(ioctls);
    to.i64(flags).i64(before).i64(after).i32(minDepth).i32(maxDepth);
    to.i32(KINDS);
    for (int count : kinds) {
      to.i32(count);
    }
    to.longs(errnos).i32(actors.length).longs(actors);
    writeTouched(to);
    writeBlocked(to);
    reset(end.timeNs());
  }

  private void writeTouched(ChunkWriter to) {
    int n = 0;
    for (ChunkSummary.Touched in : touched) {
      n += in == null ? 0 : 1;
    }
    to.i32(n);
    for (ChunkSummary.Touched in : touched) {
      if (in != null) {
        to.u16(in.region()).u16(in.shift()).i32(in.bits().length).longs(in.bits());
      }
    }
  }

  private void writeBlocked(ChunkWriter to) {
    int n = 0;
    for (long ns : blockedNs) {
      n += ns == 0 ? 0 : 1;
    }
    to.i32(n);
    for (int actor = 0; actor < blockedNs.length; actor++) {
      if (blockedNs[actor] != 0) {
        to.i32(actor).i32(0).i64(blockedNs[actor]);
      }
    }
  }

  private void reset(long endNs) {
    Arrays.fill(kinds, 0);
    Arrays.fill(errnos, 0);
    Arrays.fill(actors, 0);
    Arrays.fill(blockedNs, 0);
    Arrays.fill(touched, 0, touchedEnd, null);
    touchedEnd = 0;
    ioctls = 0;
    flags = 0;
    before = 0;
    after = 0;
    minDepth = Integer.MAX_VALUE;
    maxDepth = 0;
    maxLatencyNs = -1;
    startNs = endNs;
  }

  private void addBlocked(int actor, long ns) {
    if (actor >= blockedNs.length) {
      blockedNs = Arrays.copyOf(blockedNs, Math.max(actor + 1, blockedNs.length * 2));
    }
    blockedNs[actor] += ns;
  }

  /** Notes pages. {@return whether they are the region's first in this chunk} */
  private boolean touch(int region, int first, int count, int[] regionPages) {
    if (region >= touched.length) {
      touched = Arrays.copyOf(touched, Math.max(region + 1, touched.length * 2));
    }
    ChunkSummary.Touched in = touched[region];
    boolean isFirst = in == null;
    if (in == null) {
      int pages = regionPages[region];
      int shift = ChunkSummary.Touched.shiftOf(pages);
      int lastBit = (pages - 1) >> (Tile.SHIFT + shift);
      in = new ChunkSummary.Touched(region, shift, new long[(lastBit >> 6) + 1]);
      touched[region] = in;
      touchedEnd = Math.max(touchedEnd, region + 1);
    }
    int shift = Tile.SHIFT + in.shift();
    int last = count <= 1 ? first >> shift : (int) ((first + (long) count - 1) >> shift);
    for (int bit = first >> shift; bit <= last; bit++) {
      in.bits()[bit >> 6] |= 1L << bit;
    }
    return isFirst;
  }
}
