package dev.faultscope.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Reads binary frames as a browser does: an independent second reading of the protocol. */
final class FrameReader {
  /** What a viewer holds: states by region and page, absent pages left out. */
  static final class Picture {
    private final Map<Integer, char[]> regions = new TreeMap<>();
    long epoch = -1;
    long seq = -1;

    int state(int region, int page) {
      char[] states = regions.get(region);
      return states == null || page >= states.length ? 0 : states[page];
    }

    /** {@return the states of a region's first pages} */
    char[] states(int region, int pages) {
      return Arrays.copyOf(regions.getOrDefault(region, new char[0]), pages);
    }

    private void put(int region, int page, int state) {
      char[] states = regions.computeIfAbsent(region, r -> new char[64]);
      if (page >= states.length) {
        states = Arrays.copyOf(states, Math.max(page + 1, states.length * 2));
        regions.put(region, states);
      }
      states[page] = (char) state;
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
        default -> throw new AssertionError("no frame of type " + type + " carries states");
      }
      assertThat(in.remaining()).as("bytes after the data").isZero();
    }

    private void snap(ByteBuffer in) {
      int region = in.getShort() & 0xffff;
      int encoding = in.get();
      int flags = in.get();
      if ((flags & 1) != 0) {
        regions.clear();
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
