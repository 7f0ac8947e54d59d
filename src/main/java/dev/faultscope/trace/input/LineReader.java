package dev.faultscope.trace.input;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Cuts a stream into lines that stay in the buffer they were read into.
 *
 * <p>Ends of lines are found eight bytes at a time; the same look tells whether a line holds a NUL
 * or a byte that is not ASCII, so that ordinary lines are touched once.
 */
public final class LineReader {
  /** Longer lines are cut off and reported. */
  public static final int MAX_LINE = 64 << 10;

  private static final int READ_BYTES = 1 << 18;
  private static final int PAD = 8;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long NEWLINES = 0x0a0a0a0a0a0a0a0aL;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final InputStream in;
  private final byte[] buffer = new byte[READ_BYTES + MAX_LINE + PAD];
  private int next;
  private int limit;
  private boolean ended;
  private int start;
  private int end;
  private long number;
  private boolean tooLong;
  private boolean odd;

  /** Cuts a stream that the caller closes. */
  public LineReader(InputStream in) {
    this.in = in;
  }

  /** {@return whether there was another line} */
  public boolean advance() throws IOException {
    tooLong = false;
    int at = findNewline();
    if (at < 0 && limit == next) {
      return false;
    }
    number++;
    start = next;
    if (at >= 0) {
      end = tooLong ? next + MAX_LINE : at;
      next = at + 1;
    } else {
      end = limit;
      next = limit;
    }
    if (tooLong && at < 0) {
      skipRest();
    }
    if (end > start && buffer[end - 1] == '\r') {
      end--;
    }
    odd = hasOddBytes();
    return true;
  }

  /** {@return the buffer the line lies in, until the next {@link #advance}} */
  public byte[] buffer() {
    return buffer;
  }

  /** First byte of the line. */
  public int start() {
    return start;
  }

  /** After the last byte of the line; the line's end is not part of it. */
  public int end() {
    return end;
  }

  /** The line's number, from 1. */
  public long number() {
    return number;
  }

  /** Whether the line was longer than {@link #MAX_LINE}; only its beginning is here. */
  public boolean tooLong() {
    return tooLong;
  }

  /** Whether the line has a NUL or a byte beyond ASCII. */
  public boolean odd() {
    return odd;
  }

  /** {@return where the next line ends; -1 at the end of the stream or where a line is too long} */
  private int findNewline() throws IOException {
    int scanned = 0;
    while (true) {
      int at = newlineIn(next + scanned, limit);
      if (at >= 0) {
        tooLong = at - next > MAX_LINE;
        return at;
      }
      scanned = limit - next;
      if (scanned > MAX_LINE) {
        tooLong = true;
        return -1;
      }
      if (!fill()) {
        return -1;
      }
    }
  }

  /** {@return whether there are more bytes}; moves what is left to the front of the buffer */
  private boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    int kept = limit - next;
    System.arraycopy(buffer, next, buffer, 0, kept);
    next = 0;
    limit = kept;
    int read = in.read(buffer, limit, READ_BYTES);
    if (read <= 0) {
      ended = true;
      return false;
    }
    limit += read;
    return true;
  }

  private int newlineIn(int from, int to) {
    int at = from;
    for (; at + 8 <= to; at += 8) {
      long word = (long) WORD.get(buffer, at) ^ NEWLINES;
      long hit = (word - ONES) & ~word & HIGHS;
      if (hit != 0) {
        return at + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
    }
    for (; at < to; at++) {
      if (buffer[at] == '\n') {
        return at;
      }
    }
    return -1;
  }

  private boolean hasOddBytes() {
    int at = start;
    long found = 0;
    for (; at + 8 <= end; at += 8) {
      long word = (long) WORD.get(buffer, at);
      found |= word | ((word - ONES) & ~word);
    }
    for (; at < end; at++) {
      found |= buffer[at] <= 0 ? HIGHS : 0;
    }
    return (found & HIGHS) != 0;
  }

  /** Drops the rest of a line that is too long; its beginning moves to the front. */
  private void skipRest() throws IOException {
    System.arraycopy(buffer, start, buffer, 0, MAX_LINE);
    start = 0;
    end = MAX_LINE;
    byte[] head = Arrays.copyOf(buffer, MAX_LINE);
    while (true) {
      next = 0;
      limit = 0;
      if (!fill()) {
        break;
      }
      int at = newlineIn(0, limit);
      if (at >= 0) {
        int rest = limit - at - 1;
        System.arraycopy(buffer, at + 1, buffer, MAX_LINE, rest);
        next = MAX_LINE;
        limit = MAX_LINE + rest;
        System.arraycopy(head, 0, buffer, 0, MAX_LINE);
        return;
      }
    }
    System.arraycopy(head, 0, buffer, 0, MAX_LINE);
    next = MAX_LINE;
    limit = MAX_LINE;
  }
}
