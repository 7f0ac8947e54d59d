package dev.faultscope.simulation.kernel;

import dev.faultscope.model.UffdIoctl;

/**
 * The argument of a COPY, ZEROPAGE, CONTINUE or POISON.
 *
 * @param ioctl which one
 * @param start first byte of the destination
 * @param bytes length
 * @param mode its mode bits
 * @param source COPY: where the bytes are; -1 where {@code value} says what they are
 * @param value COPY without a source: the byte that every page is to hold, or {@link #PATTERN}
 */
public record FillRequest(
    UffdIoctl ioctl, long start, long bytes, long mode, long source, int value) {
  /** Each page holds its number in its region, modulo 255. */
  public static final int PATTERN = -1;

  private static final int PATTERN_MODULUS = 255;

  public static FillRequest copy(long start, long bytes, long mode, long source) {
    return new FillRequest(UffdIoctl.COPY, start, bytes, mode, source, 0);
  }

  public static FillRequest copyOf(int value, long start, long bytes, long mode) {
    return new FillRequest(UffdIoctl.COPY, start, bytes, mode, -1, value);
  }

  public static FillRequest zeropage(long start, long bytes, long mode) {
    return new FillRequest(UffdIoctl.ZEROPAGE, start, bytes, mode, -1, 0);
  }

  public static FillRequest resume(long start, long bytes, long mode) {
    return new FillRequest(UffdIoctl.CONTINUE, start, bytes, mode, -1, 0);
  }

  /** {@return the argument of a fill that takes nothing from the caller} */
  public static FillRequest of(UffdIoctl ioctl, long start, long bytes, long mode) {
    return new FillRequest(ioctl, start, bytes, mode, -1, 0);
  }

  /** {@return what a page of a COPY without a source holds} */
  int valueOf(int page) {
    return value == PATTERN ? page % PATTERN_MODULUS : value;
  }

  boolean hasSource() {
    return source != -1;
  }
}
