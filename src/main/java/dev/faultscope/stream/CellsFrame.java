package dev.faultscope.stream;

import dev.faultscope.session.PageStateReader;
import java.util.function.IntUnaryOperator;

/**
 * A CELLS frame: of squares of 8 × 8 pages, how many pages have which state. What a viewer of a
 * recording gets that is too large to be sent page by page.
 */
final class CellsFrame {
  private static final int GROUP_BYTES = 8;

  /** Distance, length, number of states, and up to 64 states with their counts of a byte. */
  private static final int MOST_CELL_BYTES = 2 * FrameBuffer.MAX_VARINT_BYTES + 1 + 64 * 3;

  private final FrameBuffer frame;
  private final PageStateReader states;
  private final IntUnaryOperator pages;
  private final char[] band = new char[DirtyCells.BAND_PAGES];
  private final char[] codes = new char[DirtyCells.SIDE * DirtyCells.SIDE];
  private final int[] counts = new int[codes.length];

  // Cells of one state wait until one with another content ends their run.
  private int runFrom = -1;
  private int runLength;
  private int runState;

  private int previousEnd;
  private int entries;

  private CellsFrame(FrameBuffer frame, PageStateReader states, IntUnaryOperator pages) {
    this.frame = frame;
    this.states = states;
    this.pages = pages;
  }

  /**
   * Encodes dirty cells, as many as fit, and takes their marks back.
   *
   * @param reset whether this is the first frame of a full snapshot
   * @param pages of each region
   */
  static byte[] encode(
      int epoch,
      long seqFrom,
      long seqTo,
      boolean reset,
      DirtyCells dirty,
      PageStateReader states,
      IntUnaryOperator pages) {
    FrameBuffer frame = new FrameBuffer(FrameType.CELLS, epoch, seqFrom, seqTo);
    frame.u16(0);
    frame.u8(reset ? 1 : 0);
    frame.u8(0);
    int groups = 0;
    for (int region = 0; region < dirty.regionLimit(); region++) {
      if (dirty.nextBand(region, 0) < 0) {
        continue;
      }
      if (frame.room() < GROUP_BYTES + 2 * MOST_CELL_BYTES) {
        break;
      }
      new CellsFrame(frame, states, pages).group(region, dirty);
      groups++;
    }
    frame.putU16(FrameBuffer.HEADER_BYTES, groups);
    return frame.toBytes();
  }

  private void group(int region, DirtyCells dirty) {
    frame.u16(region);
    frame.u16(0);
    int countAt = frame.size();
    frame.u32(0);
    int of = pages.applyAsInt(region);
    for (int at = dirty.nextBand(region, 0); at >= 0; at = dirty.nextBand(region, at)) {
      int first = at * DirtyCells.BAND_PAGES;
      int count = Math.clamp((long) of - first, 0, DirtyCells.BAND_PAGES);
      states.states(region, first, count, band, 0);
      long left = dirty.cells(region, at);
      while (left != 0 && frame.room() >= 2 * MOST_CELL_BYTES) {
        int column = Long.numberOfTrailingZeros(left);
        cell(at * DirtyCells.BAND_CELLS + column, column * DirtyCells.SIDE, count);
        left &= left - 1;
      }
      dirty.clear(region, at, ~left);
      if (left != 0) {
        break;
      }
    }
    endRun();
    frame.putU32(countAt, entries);
  }

  /**
   * Says what a cell holds.
   *
   * @param from its first page within the band
   * @param count pages of the band
   */
  private void cell(int number, int from, int count) {
    int kinds = 0;
    for (int row = from; row < count; row += DirtyCells.ROW_PAGES) {
      int end = Math.min(count, row + DirtyCells.SIDE);
      for (int page = row; page < end; page++) {
        kinds = tally(band[page], kinds);
      }
    }
    if (kinds == 1) {
      if (runFrom < 0 || codes[0] != runState || number != runFrom + runLength) {
        endRun();
        runFrom = number;
        runState = codes[0];
      }
      runLength++;
    } else if (kinds > 1) {
      endRun();
      entry(number, 1, kinds);
      for (int i = 0; i < kinds; i++) {
        frame.u16(codes[i]);
        frame.varint(counts[i]);
      }
    }
  }

  private int tally(char code, int kinds) {
    for (int i = 0; i < kinds; i++) {
      if (codes[i] == code) {
        counts[i]++;
        return kinds;
      }
    }
    codes[kinds] = code;
    counts[kinds] = 1;
    return kinds + 1;
  }

  private void endRun() {
    if (runFrom >= 0) {
      entry(runFrom, runLength, 1);
      frame.u16(runState);
      runFrom = -1;
      runLength = 0;
    }
  }

  private void entry(int first, int length, int kinds) {
    frame.varint(first - previousEnd);
    frame.varint(length);
    frame.varint(kinds);
    previousEnd = first + length;
    entries++;
  }
}
