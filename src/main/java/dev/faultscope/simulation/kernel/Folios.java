package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The machine's page frames: content, references, flags. A frame lives while a page-table entry or
 * a page cache refers to it.
 *
 * <p>Content is one byte repeated over the page until somebody writes less than a page; only then
 * does the page get bytes of its own. So millions of pages cost a few bytes each.
 */
final class Folios {
  /** The shared zero page: never counted, never freed, never written. */
  static final int ZERO = 0;

  /** Zeros that nobody wrote. */
  private static final int PRISTINE = 1 << 8;

  private static final int HWPOISON = 1 << 9;

  private static final int PREPARED = 1 << 10;

  /** Written in part while it was brought in; which bytes is in {@link #written}. */
  private static final int PARTIAL = 1 << 11;

  private static final int MAX_FOLIOS = 1 << 24;

  /** The byte that fills the page, unless it has bytes of its own. */
  private static final int FILL = 0xff;

  private static final int FIRST_REFERENCE = 16;
  private static final int ONE_REFERENCE = 1 << FIRST_REFERENCE;
  private static final int MAX_REFERENCES = (1 << (32 - FIRST_REFERENCE)) - 1;

  /**
   * All that is known of each folio, in one place because folios are met in random order: fill,
   * flags, references from the lowest bit up.
   */
  private int[] words = new int[1024];

  private int[] free = new int[256];
  private int freeCount;
  private int next = 1;
  private int live;
  private final Map<Integer, byte[]> bytes = new HashMap<>();
  private final Map<Integer, BitSet> written = new HashMap<>();
  private final Map<Integer, Integer> pins = new HashMap<>();

  Folios() {
    words[ZERO] = PRISTINE;
  }

  /** {@return a new folio of zeros, without a reference yet} */
  int allocateZeroed() {
    int folio = allocate();
    words[folio] = PRISTINE;
    return folio;
  }

  /** {@return a new folio that holds one byte all over, without a reference yet} */
  int allocateFilled(int value) {
    int folio = allocate();
    words[folio] = value & FILL;
    return folio;
  }

  /** {@return a new folio with another's content, without a reference yet} */
  int copyOf(int other) {
    int folio = allocate();
    words[folio] = words[other] & (FILL | PRISTINE | PARTIAL);
    BitSet half = isPartial(other) ? written.get(other) : null;
    if (half != null) {
      written.put(folio, (BitSet) half.clone());
    }
    byte[] own = bytes.get(other);
    if (own != null) {
      bytes.put(folio, own.clone());
    }
    return folio;
  }

  private int allocate() {
    live++;
    if (freeCount > 0) {
      return free[--freeCount];
    }
    if (next == MAX_FOLIOS) {
      throw new IllegalStateException("simulated memory is full: " + MAX_FOLIOS + " pages");
    }
    if (next == words.length) {
      words = Arrays.copyOf(words, next * 2);
    }
    return next++;
  }

  /** {@return how many more there can be} */
  int room() {
    return MAX_FOLIOS - next + freeCount;
  }

  void reference(int folio) {
    if (folio != ZERO) {
      if (references(folio) == MAX_REFERENCES) {
        throw new IllegalStateException("a page is mapped more than " + MAX_REFERENCES + " times");
      }
      words[folio] += ONE_REFERENCE;
    }
  }

  /** Drops a reference; the last one frees the folio. */
  void release(int folio) {
    if (folio == ZERO) {
      return;
    }
    if (references(folio) == 0) {
      throw new IllegalStateException("folio " + folio + " released once too often");
    }
    words[folio] -= ONE_REFERENCE;
    if (references(folio) == 0) {
      discard(folio);
    }
  }

  /** Frees a folio that never got a reference. */
  void discard(int folio) {
    words[folio] = 0;
    if (!bytes.isEmpty()) {
      bytes.remove(folio);
    }
    if (!written.isEmpty()) {
      written.remove(folio);
    }
    if (!pins.isEmpty()) {
      pins.remove(folio);
    }
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = folio;
    live--;
  }

  int references(int folio) {
    return words[folio] >>> FIRST_REFERENCE;
  }

  /** {@return folios in use, the zero page not counted} */
  int live() {
    return live;
  }

  int get(int folio, int offset) {
    byte[] own = bytes.isEmpty() ? null : bytes.get(folio);
    return (own == null ? words[folio] : own[offset]) & FILL;
  }

  void put(int folio, int offset, int value) {
    words[folio] &= ~PRISTINE;
    wrote(folio, offset, offset + 1);
    byte[] own = bytes.isEmpty() ? null : bytes.get(folio);
    if (own == null) {
      if ((words[folio] & FILL) == (value & FILL)) {
        return;
      }
      own = new byte[(int) PAGE_BYTES];
      Arrays.fill(own, (byte) words[folio]);
      bytes.put(folio, own);
    }
    own[offset] = (byte) value;
  }

  /** Makes part of a page hold one byte. */
  void fill(int folio, int from, int to, int value) {
    words[folio] &= ~PRISTINE;
    wrote(folio, from, to);
    if (from == 0 && to == PAGE_BYTES) {
      words[folio] = (words[folio] & ~FILL) | (value & FILL);
      bytes.remove(folio);
      return;
    }
    byte[] own = bytes.get(folio);
    if (own == null) {
      own = new byte[(int) PAGE_BYTES];
      Arrays.fill(own, (byte) words[folio]);
      bytes.put(folio, own);
    }
    Arrays.fill(own, from, to, (byte) value);
  }

  /** A new page is being written by parts: until all are there it is partly written. */
  void beginParts(int folio) {
    words[folio] |= PARTIAL;
    written.put(folio, new BitSet((int) PAGE_BYTES));
  }

  private void wrote(int folio, int from, int to) {
    if (!isPartial(folio)) {
      return;
    }
    BitSet parts = written.get(folio);
    if (parts != null) {
      parts.set(from, to);
    }
    if (parts == null || parts.cardinality() == PAGE_BYTES) {
      written.remove(folio);
      words[folio] &= ~PARTIAL;
    }
  }

  /** {@return whether parts of it are still to be written by whoever brings it in} */
  boolean isPartial(int folio) {
    return (words[folio] & PARTIAL) != 0;
  }

  /** {@return whether all its bytes are the same as far as is known without looking} */
  boolean isUniform(int folio) {
    return bytes.isEmpty() || !bytes.containsKey(folio);
  }

  boolean isPristine(int folio) {
    return (words[folio] & PRISTINE) != 0;
  }

  boolean isHwpoisoned(int folio) {
    return (words[folio] & HWPOISON) != 0;
  }

  void hwpoison(int folio) {
    words[folio] |= HWPOISON;
  }

  /** {@return whether guest_memfd zeroed it and may have taken it out of the direct map} */
  boolean isPrepared(int folio) {
    return (words[folio] & PREPARED) != 0;
  }

  void prepare(int folio) {
    words[folio] |= PREPARED;
  }

  void pin(int folio) {
    pins.merge(folio, 1, Integer::sum);
  }

  void unpin(int folio) {
    pins.computeIfPresent(folio, (key, count) -> count == 1 ? null : count - 1);
  }

  boolean isPinned(int folio) {
    return !pins.isEmpty() && pins.containsKey(folio);
  }
}
