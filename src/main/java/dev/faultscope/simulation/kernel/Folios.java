package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import java.util.Arrays;
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
  private static final int PRISTINE = 1;

  private static final int HWPOISON = 2;

  private static final int PREPARED = 4;

  private static final int MAX_FOLIOS = 1 << 26;

  private byte[] fill = new byte[1024];
  private byte[] flags = new byte[1024];
  private int[] references = new int[1024];
  private int[] free = new int[256];
  private int freeCount;
  private int next = 1;
  private int live;
  private final Map<Integer, byte[]> bytes = new HashMap<>();
  private final Map<Integer, Integer> pins = new HashMap<>();

  Folios() {
    flags[ZERO] = PRISTINE;
  }

  /** {@return a new folio of zeros, without a reference yet} */
  int allocateZeroed() {
    int folio = allocate();
    flags[folio] = PRISTINE;
    return folio;
  }

  /** {@return a new folio that holds one byte all over, without a reference yet} */
  int allocateFilled(int value) {
    int folio = allocate();
    fill[folio] = (byte) value;
    return folio;
  }

  /** {@return a new folio with another's content, without a reference yet} */
  int copyOf(int other) {
    int folio = allocate();
    fill[folio] = fill[other];
    flags[folio] = (byte) (flags[other] & PRISTINE);
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
    if (next == fill.length) {
      fill = Arrays.copyOf(fill, next * 2);
      flags = Arrays.copyOf(flags, next * 2);
      references = Arrays.copyOf(references, next * 2);
    }
    return next++;
  }

  void reference(int folio) {
    if (folio != ZERO) {
      references[folio]++;
    }
  }

  /** Drops a reference; the last one frees the folio. */
  void release(int folio) {
    if (folio == ZERO) {
      return;
    }
    if (references[folio] <= 0) {
      throw new IllegalStateException("folio " + folio + " released once too often");
    }
    if (--references[folio] == 0) {
      discard(folio);
    }
  }

  /** Frees a folio that never got a reference. */
  void discard(int folio) {
    fill[folio] = 0;
    flags[folio] = 0;
    if (!bytes.isEmpty()) {
      bytes.remove(folio);
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
    return references[folio];
  }

  /** {@return folios in use, the zero page not counted} */
  int live() {
    return live;
  }

  int get(int folio, int offset) {
    byte[] own = bytes.isEmpty() ? null : bytes.get(folio);
    return (own == null ? fill[folio] : own[offset]) & 0xff;
  }

  void put(int folio, int offset, int value) {
    flags[folio] &= ~PRISTINE;
    byte[] own = bytes.isEmpty() ? null : bytes.get(folio);
    if (own == null) {
      if (fill[folio] == (byte) value) {
        return;
      }
      own = new byte[PAGE_BYTES];
      Arrays.fill(own, fill[folio]);
      bytes.put(folio, own);
    }
    own[offset] = (byte) value;
  }

  /** Makes part of a page hold one byte. */
  void fill(int folio, int from, int to, int value) {
    flags[folio] &= ~PRISTINE;
    if (from == 0 && to == PAGE_BYTES) {
      fill[folio] = (byte) value;
      bytes.remove(folio);
      return;
    }
    byte[] own = bytes.get(folio);
    if (own == null) {
      own = new byte[PAGE_BYTES];
      Arrays.fill(own, fill[folio]);
      bytes.put(folio, own);
    }
    Arrays.fill(own, from, to, (byte) value);
  }

  boolean isPristine(int folio) {
    return (flags[folio] & PRISTINE) != 0;
  }

  boolean isHwpoisoned(int folio) {
    return (flags[folio] & HWPOISON) != 0;
  }

  void hwpoison(int folio) {
    flags[folio] |= HWPOISON;
  }

  /** {@return whether guest_memfd zeroed it and may have taken it out of the direct map} */
  boolean isPrepared(int folio) {
    return (flags[folio] & PREPARED) != 0;
  }

  void prepare(int folio) {
    flags[folio] |= PREPARED;
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
