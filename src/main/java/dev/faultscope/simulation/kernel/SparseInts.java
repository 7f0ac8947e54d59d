package dev.faultscope.simulation.kernel;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Ints by a 64-bit index, 0 where nothing was put; 512 to a chunk, as a page table has them. */
final class SparseInts {
  private static final int CHUNK_SHIFT = 9;
  private static final int CHUNK = 1 << CHUNK_SHIFT;

  private final Map<Long, int[]> chunks = new HashMap<>();
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
      chunks.put(key, chunk);
      last = chunk;
    }
    chunk[(int) index & (CHUNK - 1)] = value;
  }

  /** Calls back for every index that holds something; in no particular order. */
  void forEach(Visitor visitor) {
    chunks.forEach(
        (key, chunk) -> {
          for (int i = 0; i < CHUNK; i++) {
            if (chunk[i] != 0) {
              visitor.visit((key << CHUNK_SHIFT) + i, chunk[i]);
            }
          }
        });
  }

  private int @Nullable [] chunk(long key) {
    if (key != lastKey) {
      lastKey = key;
      last = chunks.get(key);
    }
    return last;
  }

  @FunctionalInterface
  interface Visitor {
    void visit(long index, int value);
  }
}
