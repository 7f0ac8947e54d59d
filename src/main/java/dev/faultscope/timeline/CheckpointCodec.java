package dev.faultscope.timeline;

import org.jspecify.annotations.Nullable;

/**
 * Page states at one moment: the tiles changed since the checkpoint before, then a table with the
 * place of every tile that is not absent.
 */
final class CheckpointCodec {
  /** Told each tile that a checkpoint replaces. */
  @FunctionalInterface
  interface Replacement {
    void replaced(int region, int tile, long oldReference, long @Nullable [] old);
  }

  private CheckpointCodec() {}

  static EventStore.Checkpoint write(ChunkWriter to, PageStates states, long moment) {
    to.begin(FileFormat.CHECKPOINT, moment, moment);
    long start = to.position();
    for (int region = 0; region < states.regionCount(); region++) {
      PageStates.Slots slots = states.slots(region);
      if (slots != null) {
        saveTiles(to, states, slots);
      }
    }
    long table = to.position() - start;
    to.i32(touchedRegions(states));
    for (int region = 0; region < states.regionCount(); region++) {
      PageStates.Slots slots = states.slots(region);
      if (slots != null) {
        writeTable(to, region, slots.references);
      }
    }
    to.i64(table);
    long bytes = to.position() - start;
    return new EventStore.Checkpoint(moment, to.finish(), bytes);
  }

  private static void saveTiles(ChunkWriter to, PageStates states, PageStates.Slots slots) {
    for (int index = 0; index < slots.references.length; index++) {
      if (slots.references[index] == PageStates.UNSAVED) {
        long[] tile = states.tile(slots, index);
        int state = Tile.uniformState(tile);
        if (state >= 0) {
          slots.tiles[index] = null;
          states.refer(slots, index, PageStates.uniform(state));
        } else {
          states.refer(slots, index, to.position());
          long[] saved = Tile.saved(tile);
          to.longs(saved);
          slots.tiles[index] = Tile.isSparse(tile) ? tile : saved;
        }
      }
    }
  }

  private static int touchedRegions(PageStates states) {
    int n = 0;
    for (int region = 0; region < states.regionCount(); region++) {
      n += states.slots(region) == null ? 0 : 1;
    }
    return n;
  }

  private static void writeTable(ChunkWriter to, int region, long[] references) {
    int runs = 0;
    for (int i = 0; i < references.length; i = runEnd(references, i)) {
      runs += references[i] == PageStates.ABSENT ? 0 : 1;
    }
    to.u16(region).u16(0).i32(runs);
    for (int i = 0; i < references.length; ) {
      int end = runEnd(references, i);
      if (references[i] != PageStates.ABSENT) {
        to.i32(i).i32(end - i);
        for (int tile = i; tile < end; tile++) {
          to.i64(references[tile]);
        }
      }
      i = end;
    }
  }

  /** The end of the tiles from an index that are all absent or all not. */
  private static int runEnd(long[] references, int from) {
    int end = from + 1;
    while (end < references.length
        && (references[end] == PageStates.ABSENT) == (references[from] == PageStates.ABSENT)) {
      end++;
    }
    return end;
  }

  /** Brings states to a checkpoint's moment and tells which tiles that replaces. */
  static void load(
      EventStore store, EventStore.Checkpoint checkpoint, PageStates states, Replacement told) {
    long payload = checkpoint.payload();
    ChunkReader trailer =
        new ChunkReader(store.file(), store.mapped(), payload + checkpoint.bytes() - 8, 8);
    long table = trailer.i64();
    if (table < 0 || table > checkpoint.bytes() - 12) {
      throw trailer.damaged("a checkpoint's table lies outside");
    }
    ChunkReader from =
        new ChunkReader(
            store.file(), store.mapped(), payload + table, checkpoint.bytes() - table - 8);
    int regions = from.count(8);
    int next = 0;
    for (int i = 0; i < regions; i++) {
      int region = from.u16();
      if (region < next || region >= states.regionCount()) {
        throw from.damaged("region " + region + " of a checkpoint cannot be");
      }
      while (next < region) {
        clear(states, next++, told);
      }
      next = region + 1;
      from.u16();
      readTable(from, states, region, payload + table, told);
    }
    while (next < states.regionCount()) {
      clear(states, next++, told);
    }
  }

  /** Brings states back to moment 0. */
  static void clear(PageStates states, Replacement told) {
    for (int region = 0; region < states.regionCount(); region++) {
      clear(states, region, told);
    }
  }

  private static void readTable(
      ChunkReader from, PageStates states, int region, long limit, Replacement told) {
    PageStates.Slots slots = states.touch(region);
    int runs = from.count(8);
    int next = 0;
    for (int i = 0; i < runs; i++) {
      int first = from.i32();
      int count = from.count(8);
      if (first < next || first > slots.references.length - count) {
        throw from.damaged("tile " + first + " of a checkpoint cannot be");
      }
      while (next < first) {
        replace(states, region, slots, next++, PageStates.ABSENT, told);
      }
      while (next < first + count) {
        long reference = from.i64();
        if (reference < -0x10000 || reference >= limit) {
          throw from.damaged("a checkpoint has a tile at " + reference + ", which cannot be");
        }
        replace(states, region, slots, next++, reference, told);
      }
    }
    while (next < slots.references.length) {
      replace(states, region, slots, next++, PageStates.ABSENT, told);
    }
  }

  private static void clear(PageStates states, int region, Replacement told) {
    PageStates.Slots slots = states.slots(region);
    if (slots != null) {
      for (int tile = 0; tile < slots.references.length; tile++) {
        replace(states, region, slots, tile, PageStates.ABSENT, told);
      }
    }
  }

  private static void replace(
      PageStates states,
      int region,
      PageStates.Slots slots,
      int tile,
      long reference,
      Replacement told) {
    long old = slots.references[tile];
    if (old != reference) {
      told.replaced(region, tile, old, slots.tiles[tile]);
      slots.tiles[tile] = null;
      states.refer(slots, tile, reference);
    }
  }
}
