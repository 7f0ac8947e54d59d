package dev.faultscope.stream;

import dev.faultscope.session.PageStateReader;

/**
 * A SNAP frame: states of consecutive pages of one region.
 *
 * @param bytes the frame
 * @param nextPage the first page it says nothing about
 */
record SnapFrame(byte[] bytes, int nextPage) {
  /** Bytes before the data. */
  static final int DATA_AT = 36;

  /** Pages looked at in one go; absent blocks are not read. */
  static final int BLOCK = 4096;

  private static final int RAW = 0;
  private static final int RLE = 1;
  private static final int RUN_BYTES = FrameBuffer.MAX_VARINT_BYTES + 2;

  /**
   * Encodes pages from {@code first} on, as many as fit and at most up to {@code end}.
   *
   * @param reset whether this is the first frame of a full snapshot
   */
  static SnapFrame encode(
      int epoch, long seq, int region, int first, int end, boolean reset, PageStateReader states) {
    FrameBuffer frame = new FrameBuffer(FrameType.SNAP, epoch, seq, seq);
    frame.u16(region);
    frame.u8(RLE);
    frame.u8(reset ? 1 : 0);
    frame.u32(first);
    frame.u32(0);

    char[] block = new char[BLOCK];
    int page = first;
    int runState = -1;
    int runFrom = first;
    int written = first;
    boolean full = false;
    while (page < end && !full) {
      int count = Math.min(BLOCK, end - page);
      boolean absent = states.isUntouched(region, page, count);
      if (!absent) {
        states.states(region, page, count, block, 0);
      }
      for (int i = 0; i < count; i += absent ? count : 1) {
        int state = absent ? 0 : block[i];
        if (state != runState) {
          if (page + i > runFrom) {
            frame.varint(page + i - runFrom);
            frame.u16(runState);
            written = page + i;
            if (frame.room() < RUN_BYTES) {
              full = true;
              break;
            }
          }
          runState = state;
          runFrom = page + i;
        }
      }
      page += count;
    }
    if (!full && page > runFrom && runState != -1) {
      frame.varint(page - runFrom);
      frame.u16(runState);
      written = page;
    }
    int count = written - first;
    if (frame.size() - DATA_AT > 2L * count) {
      frame.truncate(DATA_AT);
      writeRaw(frame, region, first, count, states, block);
      frame.putU16(26, RAW | (reset ? 1 << 8 : 0));
    }
    frame.putU32(32, count);
    return new SnapFrame(frame.toBytes(), written);
  }

  /** {@return the frame that starts a full snapshot in which every page is absent} */
  static byte[] empty(int epoch, long seq) {
    FrameBuffer frame = new FrameBuffer(FrameType.SNAP, epoch, seq, seq);
    frame.u16(0);
    frame.u8(RLE);
    frame.u8(1);
    frame.u32(0);
    frame.u32(0);
    return frame.toBytes();
  }

  private static void writeRaw(
      FrameBuffer frame, int region, int first, int count, PageStateReader states, char[] block) {
    for (int at = 0; at < count; at += BLOCK) {
      int n = Math.min(BLOCK, count - at);
      states.states(region, first + at, n, block, 0);
      for (int i = 0; i < n; i++) {
        frame.u16(block[i]);
      }
    }
  }
}
