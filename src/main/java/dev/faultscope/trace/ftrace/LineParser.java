package dev.faultscope.trace.ftrace;

import dev.faultscope.trace.input.LineReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Takes a line apart: thread, time, event name, and through {@link EventFields} the rest.
 *
 * <p>One parser for three spellings. The columns are found from the CPU in square brackets, because
 * a thread's name may hold spaces and dashes:
 *
 * <pre>
 * NAME-PID   (TGID) [CPU] FLAGS SECONDS.FRACTION: EVENT: FIELDS    raw ftrace, trace-cmd report
 * NAME PID/TID      [CPU]       SECONDS.FRACTION: SYSTEM:EVENT: FIELDS   perf script
 * </pre>
 */
final class LineParser {
  /** What a line turned out to be. */
  enum Outcome {
    /** An event the importer knows; it was filled in. */
    EVENT,
    /** An event it does not know; thread and time were read. */
    UNKNOWN_EVENT,
    /** The tracer says that events are missing. */
    LOST,
    /** A header, an empty line, a line of a call chain. */
    NOT_AN_EVENT
  }

  private static final byte[] CPU_LOST = "CPU:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LOST = "LOST".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DROPPED = "DROPPED".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CPUS = "cpus=".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = "version".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CPU_WORD = "CPU ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRACE_CMD = "trace-cmd".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CHAIN = "=> ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LOST_NOTE = "## lost".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] WRITTEN =
      "# entries-in-buffer/entries-written:".getBytes(StandardCharsets.US_ASCII);

  private final EventFields fields = new EventFields();
  private final LinePrefix prefix = new LinePrefix();
  private long lost;
  private int nameStart;
  private int nameEnd;
  private int at;

  /** Events the last {@link Outcome#LOST} line says are missing, -1 where it gives no number. */
  long lost() {
    return lost;
  }

  int nameStart() {
    return nameStart;
  }

  int nameEnd() {
    return nameEnd;
  }

  /**
   * Reads the reader's current line.
   *
   * @param event receives what the line says
   * @throws LineDamagedException if it looks like an event and cannot be read
   */
  Outcome parse(LineReader line, LineEvent event) throws LineDamagedException {
    byte[] text = line.buffer();
    int from = line.start();
    int to = line.end();
    if (line.tooLong()) {
      throw new LineDamagedException("longer than " + (LineReader.MAX_LINE >> 10) + " KiB");
    }
    if (line.odd()) {
      requireText(text, from, to);
    }
    int begin = Digits.skipSpaces(text, from, to);
    if (begin == to) {
      return Outcome.NOT_AN_EVENT;
    }
    if (text[begin] == '#' && begin == from) {
      return header(text, from, to);
    }
    event.reset();
    fields.into(event);
    if (!prefix.read(text, begin, to, event)) {
      return noPrefix(text, begin, to);
    }
    at = prefix.end();
    eventName(text, to);
    KnownEvent known = KnownEvent.of(text, nameStart, nameEnd);
    if (known != null) {
      fields.read(known, text, at, to);
      return Outcome.EVENT;
    }
    return fields.readProbe(text, at, to) ? Outcome.EVENT : Outcome.UNKNOWN_EVENT;
  }

  /** Finds the event's name, without its system, and the start of its fields. */
  private void eventName(byte[] text, int to) throws LineDamagedException {
    nameStart = at;
    int i = at;
    for (; i < to; i++) {
      byte b = text[i];
      if (b == ':') {
        if (i + 1 < to && text[i + 1] != ' ') {
          nameStart = i + 1;
          continue;
        }
        break;
      }
      if (b == '(' || b == ' ') {
        break;
      }
    }
    nameEnd = i;
    if (nameEnd == nameStart) {
      throw new LineDamagedException("no event name after the time");
    }
    at = i < to && text[i] != ' ' ? i + 1 : i;
  }

  private Outcome header(byte[] text, int from, int to) {
    if (Digits.startsWith(text, from, to, WRITTEN)) {
      long inBuffer = firstNumber(text, from + WRITTEN.length, to);
      int slash = from + WRITTEN.length;
      while (slash < to && text[slash] != '/') {
        slash++;
      }
      long written = firstNumber(text, slash, to);
      if (written > inBuffer && inBuffer >= 0) {
        lost = written - inBuffer;
        return Outcome.LOST;
      }
    } else if (Digits.startsWith(text, from, to, LOST_NOTE)) {
      lost = firstNumber(text, from, to);
      return Outcome.LOST;
    }
    return Outcome.NOT_AN_EVENT;
  }

  private Outcome noPrefix(byte[] text, int begin, int to) throws LineDamagedException {
    if (contains(text, begin, to, LOST) || contains(text, begin, to, DROPPED)) {
      int bracket = begin;
      while (bracket < to && text[bracket] != '[') {
        bracket++;
      }
      boolean ofCpu = Digits.startsWith(text, begin, to, CPU_LOST) && bracket < to;
      lost = firstNumber(text, ofCpu ? bracket : begin, to);
      return Outcome.LOST;
    }
    if (Digits.startsWith(text, begin, to, CPUS)
        || Digits.startsWith(text, begin, to, VERSION)
        || Digits.startsWith(text, begin, to, CPU_WORD)
        || Digits.startsWith(text, begin, to, TRACE_CMD)
        || Digits.startsWith(text, begin, to, CHAIN)
        || isChainAddress(text, begin, to)) {
      return Outcome.NOT_AN_EVENT;
    }
    throw new LineDamagedException("no thread, CPU and time at its beginning");
  }

  private static boolean isChainAddress(byte[] text, int begin, int to) {
    int end = begin;
    while (end < to && Digits.hexDigit(text[end]) >= 0) {
      end++;
    }
    return end - begin >= 4 && end - begin <= 16 && (end == to || text[end] == ' ');
  }

  private static boolean contains(byte[] text, int from, int to, byte[] word) {
    for (int i = from; i + word.length <= to; i++) {
      if (Digits.startsWith(text, i, to, word)) {
        return true;
      }
    }
    return false;
  }

  private static long firstNumber(byte[] text, int from, int to) {
    int i = from;
    while (i < to && !Digits.isDecimal(text[i])) {
      i++;
    }
    if (i == to) {
      return -1;
    }
    long value = 0;
    for (int digits = 0; i < to && Digits.isDecimal(text[i]) && digits < 18; i++, digits++) {
      value = value * 10 + (text[i] - '0');
    }
    return value;
  }

  private static void requireText(byte[] text, int from, int to) throws LineDamagedException {
    for (int i = from; i < to; i++) {
      if (text[i] == 0) {
        throw new LineDamagedException("holds a NUL byte");
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text, from, to - from));
    } catch (CharacterCodingException e) {
      throw new LineDamagedException("is not UTF-8");
    }
  }
}
