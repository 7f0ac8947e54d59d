package dev.faultscope.trace.ftrace;

/**
 * Reads who and when: the columns before the event's name.
 *
 * <p>They are found from the CPU in square brackets, because a thread's name may hold spaces and
 * dashes.
 */
final class LinePrefix {
  private LineEvent event = new LineEvent();
  private int at;

  /** Where the event's name begins. */
  int end() {
    return at;
  }

  /** {@return whether a line begins with thread and time, which were read} */
  boolean read(byte[] text, int begin, int to, LineEvent into) {
    event = into;
    int open = begin;
    int close = -1;
    for (; open < to; open++) {
      if (text[open] == '[' && open > begin && text[open - 1] == ' ') {
        close = open + 1;
        while (close < to && Digits.isDecimal(text[close])) {
          close++;
        }
        if (close < to && close > open + 1 && text[close] == ']') {
          break;
        }
        close = -1;
      } else if (text[open] == ':' && open + 1 < to && text[open + 1] == ' ') {
        if (isDecimalBefore(text, begin, open)) {
          // Past the time without a CPU: perf script of one process leaves it out.
          return prefixWithoutCpu(text, begin, open, to);
        }
      }
    }
    if (close < 0) {
      return false;
    }
    if (!thread(text, begin, open)) {
      return false;
    }
    int time = Digits.skipSpaces(text, close + 1, to);
    if (time < to && !Digits.isDecimal(text[time])) {
      // The flags column: present or not, four or five letters, depending on kernel and tool.
      time = Digits.skipSpaces(text, Digits.wordEnd(text, time, to), to);
    }
    return time(text, time, to);
  }

  private static boolean isDecimalBefore(byte[] text, int begin, int colon) {
    int digit = colon;
    while (digit > begin && Digits.isDecimal(text[digit - 1])) {
      digit--;
    }
    return digit < colon && digit > begin && text[digit - 1] == '.';
  }

  private boolean prefixWithoutCpu(byte[] text, int begin, int colon, int to) {
    int time = colon;
    while (time > begin && text[time - 1] != ' ') {
      time--;
    }
    return thread(text, begin, time) && time(text, time, to);
  }

  /** Reads {@code NAME-PID (TGID)} or {@code NAME PID/TID} that end before a position. */
  private boolean thread(byte[] text, int begin, int before) {
    int end = before;
    while (end > begin && text[end - 1] == ' ') {
      end--;
    }
    if (end > begin && text[end - 1] == ')') {
      int open = end - 1;
      while (open > begin && text[open] != '(') {
        open--;
      }
      end = open;
      while (end > begin && text[end - 1] == ' ') {
        end--;
      }
    }
    int pid = end;
    while (pid > begin && Digits.isDecimal(text[pid - 1])) {
      pid--;
    }
    if (pid == end || end - pid > 10 || pid == begin) {
      return false;
    }
    long tid = 0;
    for (int i = pid; i < end; i++) {
      tid = tid * 10 + (text[i] - '0');
    }
    int separator = pid - 1;
    if (text[separator] == '/') {
      while (separator > begin && Digits.isDecimal(text[separator - 1])) {
        separator--;
      }
      separator--;
    }
    if (separator < begin || (text[separator] != '-' && text[separator] != ' ')) {
      return false;
    }
    while (separator > begin && text[separator - 1] == ' ') {
      separator--;
    }
    event.tid = (int) Math.min(tid, Integer.MAX_VALUE);
    event.commStart = begin;
    event.commEnd = Math.max(begin, separator);
    return true;
  }

  /** Reads {@code SECONDS.FRACTION:} of up to nine digits, or a bare count of nanoseconds. */
  private boolean time(byte[] text, int from, int to) {
    int i = from;
    long seconds = 0;
    for (; i < to && Digits.isDecimal(text[i]); i++) {
      seconds = seconds * 10 + (text[i] - '0');
    }
    if (i == from || i - from > 18 || i == to) {
      return false;
    }
    if (text[i] == ':') {
      event.timeNs = seconds;
    } else if (text[i] == '.' && i - from <= 9) {
      int fraction = i + 1;
      long nanos = 0;
      int digits = 0;
      for (i = fraction; i < to && Digits.isDecimal(text[i]) && digits < 9; i++, digits++) {
        nanos = nanos * 10 + (text[i] - '0');
      }
      if (digits == 0 || i == to || text[i] != ':') {
        return false;
      }
      for (; digits < 9; digits++) {
        nanos *= 10;
      }
      event.timeNs = seconds * 1_000_000_000L + nanos;
    } else {
      return false;
    }
    at = Digits.skipSpaces(text, i + 1, to);
    return at < to;
  }
}
