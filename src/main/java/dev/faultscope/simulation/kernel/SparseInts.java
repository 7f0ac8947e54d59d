package dev.faultscope.simulation.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Ints by an index of up to 62 bits, 0 where nothing was put; 512 to a chunk, as a page table has
 * them. Chunks are found by hashing, with open addressing: millions of look-ups allocate nothing.
 */
final class SparseInts {
  private static final int CHUNK_SHIFT = 9;
  private static final int CHUNK = 1 << CHUNK_SHIFT;
  private static final int FIRST_SLOTS = 64;

  private long[] keys = new long[FIRST_SLOTS];
  private int[] @Nullable [] chunks = new int[FIRST_SLOTS] @Nullable [];
  private int used;
  private long lastKey = -1;
  private int @Nullable [] last;

  int get(long index) {
    int[] chunk = chunk(index >>> CHUNK_SHIFT);
    return chunk == null ? 0 : chunk[(int) index & (CHUNK - 1)];
  }

  void set(long index, int value) {
    long key = index >>> CHUNK_SHIFT;
    int[] chunk = chunk(key);
    if (chunk == null) {
      if (value == 0) {
        return;
      }
      chunk = new int[CHUNK];
      put(key, chunk);
      last = chunk;
    }
    chunk[(int) index & (CHUNK - 1)] = value;
  }

  /**
   * Calls back for every index of a range that holds something; in no particular order. It takes no
   * longer than there is something to find, however long the range is.
   */
  void forEachIn(long from, long end, Visitor visitor) {
    if (end - from > (long) keys.length * CHUNK) {
      forEach(
          (index, value) -> {
            if (index >= from && index < end) {
              visitor.visit(index, value);
            }
          });
      return;
    }
    for (long index = from; index < end; index++) {
      int value = get(index);
      if (value != 0) {
        visitor.visit(index, value);
      }
    }
  }

  /** Calls back for every index that holds something; in no particular order. */
  void forEach(Visitor visitor) {
    for (int slot = 0; slot < chunks.length; slot++) {
      int[] chunk = chunks[slot];
      for (int i = 0; chunk != null && i < CHUNK; i++) {
        if (chunk[i] != 0) {
          visitor.visit((keys[slot] << CHUNK_SHIFT) + i, chunk[i]);
        }
      }
    }
  }

  private int @Nullable [] chunk(long key) {
    if (key != lastKey) {
      lastKey = key;
      last = chunks[slot(key)];
    }
    return last;
  }

  /** {@return where a chunk is, or where it would be} */
  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) (key * 0x9e3779b97f4a7c15L >>> 40) & mask;
    while (chunks[slot] != null && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void put(long key, int[] chunk) {
    if (2 * ++used > keys.length) {
      grow();
    }
    int slot = slot(key);
    keys[slot] = key;
    chunks[slot] = chunk;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] @Nullable [] oldChunks = chunks;
    keys = new long[2 * oldKeys.length];
    chunks = new int[2 * oldKeys.length] @Nullable [];
    for (int i = 0; i < oldKeys.length; i++) {
      int[] chunk = oldChunks[i];
      if (chunk != null) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        chunks[slot] = chunk;
      }
    }
  }

  @FunctionalInterface
  interface Visitor {
    void visit(long index, int value);
  }
}
