package dev.faultscope.model;

/**
 * What an event says of the bytes of each of its pages: an access what it saw or wrote, another
 * event what is there after it.
 *
 * @param offset of the first byte within the page, 0 to 4095
 * @param length bytes, at least 1; none lies beyond the page
 * @param value what each of them is, 0 to 255, or {@link #PATTERN}
 */
public record Content(int offset, int length, int value) {
  /** Each byte is the number of its page in its region, modulo {@value #PATTERN_MODULUS}. */
  public static final int PATTERN = -1;

  /** The modulus is odd, so that neighbours of a power of two differ. */
  public static final int PATTERN_MODULUS = 255;

  /** Most ranges that one event tells of. */
  public static final int MAX_RANGES = 8;

  public Content {
    if (!isPossible(offset, length) || value < PATTERN || value > 0xff) {
      throw new IllegalArgumentException(
          "bytes %d + %d with value %d are not of a page".formatted(offset, length, value));
    }
  }

  /** {@return whether a range lies within a page} */
  public static boolean isPossible(int offset, int length) {
    return offset >= 0 && length >= 1 && length <= Region.PAGE_BYTES - offset;
  }

  /** {@return the byte on a page, by the page's number in its region} */
  public int on(int page) {
    return value == PATTERN ? page % PATTERN_MODULUS : value;
  }

  /** {@return whether a byte of the page is among them} */
  public boolean covers(int byteOffset) {
    return byteOffset >= offset && byteOffset < offset + length;
  }

  /** {@return a byte as it is shown, such as 0x2a} */
  public static String hex(int value) {
    return "0x%02x".formatted(value);
  }
}
