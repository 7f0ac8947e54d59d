package dev.faultscope.trace.ftrace;

import java.nio.charset.StandardCharsets;

/** Values of fields, read in place. */
final class FieldText {
  private FieldText() {}

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static long hex(byte[] text, int from, int to, byte[] key, String name)
      throws LineDamagedException {
    int at = Digits.after(text, from, to, key);
    if (at < 0) {
      throw new LineDamagedException("no field '" + name + "'");
    }
    return number(text, at, to, name);
  }

  static long optionalHex(byte[] text, int from, int to, byte[] key) throws LineDamagedException {
    int at = Digits.after(text, from, to, key);
    return at < 0 ? 0 : number(text, at, to, "argument");
  }

  /** {@return a hexadecimal number with or without 0x, at most 16 digits} */
  static long number(byte[] text, int from, int to, String name) throws LineDamagedException {
    int at = from;
    if (at + 1 < to && text[at] == '0' && text[at + 1] == 'x') {
      at += 2;
    }
    int first = at;
    long value = 0;
    for (; at < to; at++) {
      int digit = Digits.hexDigit(text[at]);
      if (digit < 0) {
        break;
      }
      value = (value << 4) | digit;
    }
    boolean ends =
        at == to || text[at] == ' ' || text[at] == ',' || text[at] == ')' || text[at] == '\t';
    if (at == first || at - first > 16 || !ends) {
      throw new LineDamagedException("field '" + name + "' is not a hexadecimal number");
    }
    return value;
  }

  static long decimal(byte[] text, int from, int to) throws LineDamagedException {
    int at = from;
    long value = 0;
    for (; at < to && Digits.isDecimal(text[at]); at++) {
      value = value * 10 + (text[at] - '0');
    }
    if (at == from || at - from > 10) {
      throw new LineDamagedException("a number is missing or too long");
    }
    return value;
  }

  static boolean is(byte[] word, byte[] text, int from, int to) {
    return Digits.startsWith(text, from, to, word)
        && Digits.wordEnd(text, from, to) == from + word.length;
  }

  static boolean isAny(byte[][] words, byte[] text, int from, int to) {
    for (byte[] word : words) {
      if (Digits.startsWith(text, from, to, word)) {
        int end = from + word.length;
        if (end == to || text[end] == ' ' || text[end] == '+') {
          return true;
        }
      }
    }
    return false;
  }
}
