package dev.faultscope.trace.input;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The first bytes of a file, as formats look for their signs in them. */
public final class TraceHead {
  /** Bytes of a file that are looked at. */
  public static final int BYTES = 64 << 10;

  private static final int MAX_LINES = 2000;
  private static final int MAX_LINE = 2000;

  private final String text;

  /** Takes at most {@value #BYTES} bytes, expanded where the file is compressed. */
  public TraceHead(byte[] bytes) {
    text = new String(bytes, 0, Math.min(bytes.length, BYTES), StandardCharsets.ISO_8859_1);
  }

  /** {@return the bytes, each as one character 0 to 255} */
  public String text() {
    return text;
  }

  /** {@return 0 if the file begins so, each character a byte; else empty} */
  public OptionalInt begins(String magic) {
    return text.startsWith(magic) ? OptionalInt.of(0) : OptionalInt.empty();
  }

  /** {@return where the first line begins that matches as a whole; very long lines never do} */
  public OptionalInt line(Pattern pattern) {
    int from = 0;
    for (int line = 0; line < MAX_LINES && from < text.length(); line++) {
      int end = from;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      if (end - from <= MAX_LINE && pattern.matcher(text).region(from, end).matches()) {
        return OptionalInt.of(from);
      }
      from = end + (text.startsWith("\r\n", end) ? 2 : 1);
    }
    return OptionalInt.empty();
  }
}
