package dev.faultscope.stream;

import dev.faultscope.session.PageStateReader;

/** A DELTA frame: the newest states of pages that changed. */
final class DeltaFrame {
  private static final int GROUP_BYTES = 8;
  private static final int RUN_BYTES = 2 * FrameBuffer.MAX_VARINT_BYTES + 2;
  private static final int STRETCH = 4096;

  private DeltaFrame() {}

  /**
   * Encodes dirty pages, as many as fit, and takes their marks back.
   *
   * @param dirty what to send; must not be empty
   */
  static byte[] encode(
      int epoch, long seqFrom, long seqTo, DirtyPages dirty, PageStateReader states) {
    FrameBuffer frame = new FrameBuffer(FrameType.DELTA, epoch, seqFrom, seqTo);
    frame.u16(0);
    frame.u16(0);
    int groups = 0;
    char[] stretch = new char[STRETCH];
    for (int region = 0; region < dirty.regionLimit(); region++) {
      if (dirty.next(region, 0) < 0) {
        continue;
      }
      if (frame.room() < GROUP_BYTES + RUN_BYTES) {
        break;
      }
      group(frame, region, dirty, states, stretch);
      groups++;
    }
    frame.putU16(FrameBuffer.HEADER_BYTES, groups);
    return frame.toBytes();
  }

  private static void group(
      FrameBuffer frame, int region, DirtyPages dirty, PageStateReader states, char[] stretch) {
    frame.u16(region);
    frame.u16(0);
    int countAt = frame.size();
    frame.u32(0);
    int runs = 0;
    int previousEnd = 0;
    int first = dirty.next(region, 0);
    while (first >= 0 && frame.room() >= RUN_BYTES) {
      int end = dirty.runEnd(region, first, first + STRETCH);
      states.states(region, first, end - first, stretch, 0);
      int from = first;
      while (from < end && frame.room() >= RUN_BYTES) {
        char state = stretch[from - first];
        int to = from + 1;
        while (to < end && stretch[to - first] == state) {
          to++;
        }
        frame.varint(from - previousEnd);
        frame.varint(to - from);
        frame.u16(state);
        runs++;
        previousEnd = to;
        from = to;
      }
      dirty.clear(region, first, from - first);
      first = dirty.next(region, from);
    }
    frame.putU32(countAt, runs);
  }
}
