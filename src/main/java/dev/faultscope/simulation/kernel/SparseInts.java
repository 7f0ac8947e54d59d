package dev.faultscope.simulation.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Ints by an index of up to 62 bits, 0 where nothing was put; 512 to a chunk and 512 chunks to a
 * directory, as page tables have them. Directories are found by hashing, with open addressing:
 * millions of look-ups allocate nothing.
 */
final class SparseInts {
  private static final int CHUNK_SHIFT = 9;
  private static final int CHUNK = 1 << CHUNK_SHIFT;
  private static final int DIRECTORY_SHIFT = 9;
  private static final int DIRECTORY = 1 << DIRECTORY_SHIFT;
  private static final int FIRST_SLOTS = 16;

  private long[] keys = new long[FIRST_SLOTS];
  private int[] @Nullable [] @Nullable [] directories =
      new int[FIRST_SLOTS] @Nullable [] @Nullable [];
  private int used;
  private int chunks;
  private long lastKey = -1;
  private int @Nullable [] @Nullable [] last;

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
    }
    chunk[(int) index & (CHUNK - 1)] = value;
  }

  /**
   * Calls back for every index of a range that holds something; in no particular order. It takes no
   * longer than there is something to find, however long the range is.
   */
  void forEachIn(long from, long end, Visitor visitor) {
    if (end - from > (long) used * DIRECTORY + (long) chunks * CHUNK) {
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
    for (int slot = 0; slot < directories.length; slot++) {
      int @Nullable [] @Nullable [] directory = directories[slot];
      for (int i = 0; directory != null && i < DIRECTORY; i++) {
        int[] chunk = directory[i];
        long first = (keys[slot] << DIRECTORY_SHIFT) + i << CHUNK_SHIFT;
        for (int j = 0; chunk != null && j < CHUNK; j++) {
          if (chunk[j] != 0) {
            visitor.visit(first + j, chunk[j]);
          }
        }
      }
    }
  }

  private int @Nullable [] chunk(long key) {
    int @Nullable [] @Nullable [] directory = directory(key >>> DIRECTORY_SHIFT);
    return directory == null ? null : directory[(int) key & (DIRECTORY - 1)];
  }

  private int @Nullable [] @Nullable [] directory(long key) {
    if (key != lastKey) {
      lastKey = key;
      last = directories[slot(key)];
    }
    return last;
  }

  /** {@return where a directory is, or where it would be} */
  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) (key * 0x9e3779b97f4a7c15L >>> 40) & mask;
    while (directories[slot] != null && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void put(long key, int[] chunk) {
    int @Nullable [] @Nullable [] directory = directory(key >>> DIRECTORY_SHIFT);
    if (directory == null) {
      directory = new int[DIRECTORY] @Nullable [];
      add(key >>> DIRECTORY_SHIFT, directory);
      last = directory;
    }
    directory[(int) key & (DIRECTORY - 1)] = chunk;
    chunks++;
  }

  private void add(long key, int[] @Nullable [] directory) {
    if (2 * ++used > keys.length) {
      grow();
    }
    int slot = slot(key);
    keys[slot] = key;
    directories[slot] = directory;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] @Nullable [] @Nullable [] old = directories;
    keys = new long[2 * oldKeys.length];
    directories = new int[2 * oldKeys.length] @Nullable [] @Nullable [];
    for (int i = 0; i < oldKeys.length; i++) {
      int @Nullable [] @Nullable [] directory = old[i];
      if (directory != null) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        directories[slot] = directory;
      }
    }
  }

  @FunctionalInterface
  interface Visitor {
    void visit(long index, int value);
  }
}
