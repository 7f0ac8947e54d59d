package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads binary frames as a browser does: an independent second reading of the protocol. */
final class FrameReader {
  /** What a viewer holds: states by region and page, absent pages left out. */
  static final class Picture {
    private static final int BLOCK = 4096;

    /** States by region and block of pages. */
    private final Map<Integer, Map<Integer, char[]>> regions = new TreeMap<>();

    private final Map<Integer, Map<Integer, Map<Integer, Integer>>> cells = new HashMap<>();
    final Set<Tile> tiles = new LinkedHashSet<>();

    /** Whether cells were told, and not all pages. */
    boolean isCells;

    long epoch = -1;
    long seq = -1;

    int state(int region, int page) {
      char[] states = regions.getOrDefault(region, Map.of()).get(page / BLOCK);
      return states == null ? 0 : states[page % BLOCK];
    }

    /** {@return the states of a region's first pages} */
    char[] states(int region, int pages) {
      char[] states = new char[pages];
      regions
          .getOrDefault(region, Map.of())
          .forEach(
              (block, from) -> {
                int first = block * BLOCK;
                System.arraycopy(from, 0, states, first, Math.min(BLOCK, pages - first));
              });
      return states;
    }

    private void put(int region, int page, int state) {
      regions.computeIfAbsent(region, _ -> new HashMap<>())
              .computeIfAbsent(page / BLOCK, _ -> new char[BLOCK])[page % BLOCK] =
          (char) state;
    }

    void apply(byte[] bytes) {
      assertThat(bytes.length).isLessThanOrEqualTo(262_144);
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(in.get()).isEqualTo((byte) 'F');
      assertThat(in.get()).isEqualTo((byte) 'S');
      assertThat(in.get()).isEqualTo((byte) 2);
      int type = in.get();
      epoch = Integer.toUnsignedLong(in.getInt());
      in.getLong();
      seq = in.getLong();
      switch (type) {
        case 1 -> snap(in);
        case 2 -> delta(in);
        case 4 -> cells(in);
        case 5 -> tiles(in);
        default -> throw new AssertionError("no frame of type " + type + " carries states");
      }
      assertThat(in.remaining()).as("bytes after the data").isZero();
    }

    private void snap(ByteBuffer in) {
      int region = in.getShort() & 0xffff;
      int encoding = in.get();
      int flags = in.get();
      if ((flags & 1) != 0) {
        clear(false);
      }
      int page = in.getInt();
      int end = page + in.getInt();
      while (page < end) {
        int run = encoding == 1 ? varint(in) : 1;
        int state = in.getShort() & 0xffff;
        for (int i = 0; i < run; i++) {
          put(region, page++, state);
        }
      }
      assertThat(page).isEqualTo(end);
    }

    private void clear(boolean toCells) {
      regions.clear();
      cells.clear();
      tiles.clear();
      isCells = toCells;
    }

    /** {@return how many pages of a cell have which state; empty where it was not told} */
    Map<Integer, Integer> cell(int region, int cell) {
      return cells.getOrDefault(region, Map.of()).getOrDefault(cell, Map.of());
    }

    /** {@return how many cells of a region were told to have pages of several states} */
    long mixedCells(int region) {
      return cells.getOrDefault(region, Map.of()).values().stream()
          .filter(content -> content.size() > 1)
          .count();
    }

    private void cells(ByteBuffer in) {
      int groups = in.getShort() & 0xffff;
      if ((in.get() & 1) != 0) {
        clear(true);
      }
      assertThat(in.get()).isZero();
      for (int group = 0; group < groups; group++) {
        int region = in.getShort() & 0xffff;
        assertThat(in.getShort()).isZero();
        int entries = in.getInt();
        int cell = 0;
        for (int entry = 0; entry < entries; entry++) {
          cell += varint(in);
          int length = varint(in);
          assertThat(length).isPositive();
          int kinds = varint(in);
          Map<Integer, Integer> content = new TreeMap<>();
          for (int i = 0; i < kinds; i++) {
            int state = in.getShort() & 0xffff;
            content.put(state, kinds == 1 ? -1 : varint(in));
          }
          assertThat(content).hasSize(kinds).isNotEmpty();
          for (int i = 0; i < length; i++) {
            cells.computeIfAbsent(region, _ -> new HashMap<>()).put(cell++, content);
          }
        }
      }
    }

    private void tiles(ByteBuffer in) {
      tiles.clear();
      for (int left = in.getInt(); left > 0; left--) {
        tiles.add(new Tile(in.getShort() & 0xffff, in.getShort() & 0xffff));
      }
    }

    private void delta(ByteBuffer in) {
      int groups = in.getShort() & 0xffff;
      assertThat(in.getShort()).isZero();
      for (int group = 0; group < groups; group++) {
        int region = in.getShort() & 0xffff;
        assertThat(in.getShort()).isZero();
        int runs = in.getInt();
        int page = 0;
        for (int run = 0; run < runs; run++) {
          page += varint(in);
          int length = varint(in);
          assertThat(length).isPositive();
          int state = in.getShort() & 0xffff;
          for (int i = 0; i < length; i++) {
            put(region, page++, state);
          }
        }
      }
    }
  }

  private FrameReader() {}

  static int varint(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
