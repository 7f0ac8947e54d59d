package dev.faultscope.trace.ftrace;

/** Numbers and words inside a line, read in place. */
final class Digits {
  private static final byte[] VALUE = new byte[256];

  static {
    java.util.Arrays.fill(VALUE, (byte) -1);
    for (int i = 0; i < 10; i++) {
      VALUE['0' + i] = (byte) i;
    }
    for (int i = 0; i < 6; i++) {
      VALUE['a' + i] = (byte) (10 + i);
      VALUE['A' + i] = (byte) (10 + i);
    }
  }

  private Digits() {}

  /** {@return the value of a hexadecimal digit, -1 for any other byte} */
  static int hexDigit(byte b) {
    return VALUE[b & 0xff];
  }

  static boolean isDecimal(byte b) {
    return b >= '0' && b <= '9';
  }

  /**
   * {@return where a field's value starts}, or -1. The key comes with its separator, e.g. {@code
   * "address="}, and must begin the text or follow a space, a comma or an opening bracket.
   */
  static int after(byte[] text, int from, int to, byte[] key) {
    int last = to - key.length;
    byte first = key[0];
    for (int at = from; at <= last; at++) {
      if (text[at] == first && (at == from || isGap(text[at - 1])) && matches(text, at, key)) {
        return at + key.length;
      }
    }
    return -1;
  }

  static boolean startsWith(byte[] text, int from, int to, byte[] prefix) {
    return to - from >= prefix.length && matches(text, from, prefix);
  }

  private static boolean matches(byte[] text, int at, byte[] key) {
    for (int i = 1; i < key.length; i++) {
      if (text[at + i] != key[i]) {
        return false;
      }
    }
    return text[at] == key[0];
  }

  private static boolean isGap(byte b) {
    return b == ' ' || b == ',' || b == '(';
  }

  static int skipSpaces(byte[] text, int from, int to) {
    int at = from;
    while (at < to && (text[at] == ' ' || text[at] == '\t')) {
      at++;
    }
    return at;
  }

  /** {@return the first space, comma, bracket or end} */
  static int wordEnd(byte[] text, int from, int to) {
    int at = from;
    while (at < to && text[at] != ' ' && text[at] != ',' && text[at] != ')') {
      at++;
    }
    return at;
  }
}
