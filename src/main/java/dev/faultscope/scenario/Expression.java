package dev.faultscope.scenario;

import java.util.Map;

/** Whole numbers, variables, {@code + - * / %} and parentheses. */
final class Expression {
  private static final int MAX_DEPTH = 20;

  private final String text;
  private final Map<String, Long> variables;
  private int at;
  private int depth;

  private Expression(String text, Map<String, Long> variables) {
    this.text = text;
    this.variables = variables;
  }

  /**
   * {@return the value of an expression}
   *
   * @throws IllegalArgumentException if it is none; the message says what is wrong
   */
  static long evaluate(String text, Map<String, Long> variables) {
    Expression expression = new Expression(text, variables);
    try {
      long value = expression.sum();
      if (expression.peek() != 0) {
        throw new IllegalArgumentException(
            "unexpected '" + expression.peek() + "' in \"" + text + "\"");
      }
      return value;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("\"" + text + "\" divides by zero or overflows", e);
    }
  }

  private char peek() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private long sum() {
    long value = product();
    while (peek() == '+' || peek() == '-') {
      char operator = text.charAt(at++);
      long right = product();
      value = operator == '+' ? Math.addExact(value, right) : Math.subtractExact(value, right);
    }
    return value;
  }

  private long product() {
    long value = factor();
    while (peek() == '*' || peek() == '/' || peek() == '%') {
      char operator = text.charAt(at++);
      long right = factor();
      value =
          switch (operator) {
            case '*' -> Math.multiplyExact(value, right);
            case '/' -> value / right;
            default -> Math.floorMod(value, right);
          };
    }
    return value;
  }

  private long factor() {
    if (++depth > MAX_DEPTH) {
      throw new IllegalArgumentException("\"" + text + "\" is nested too deeply");
    }
    try {
      char c = peek();
      if (c == '-') {
        at++;
        return Math.negateExact(factor());
      }
      if (c == '(') {
        at++;
        long value = sum();
        if (peek() != ')') {
          throw new IllegalArgumentException("')' is missing in \"" + text + "\"");
        }
        at++;
        return value;
      }
      return atom();
    } finally {
      depth--;
    }
  }

  private long atom() {
    peek();
    int from = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    String word = text.substring(from, at);
    if (word.isEmpty()) {
      throw new IllegalArgumentException("\"" + text + "\" is not a number");
    }
    if (Character.isDigit(word.charAt(0))) {
      return number(word);
    }
    Long value = variables.get(word);
    if (value == null) {
      throw new IllegalArgumentException("\"" + word + "\" is neither a number nor a variable");
    }
    return value;
  }

  private static long number(String word) {
    String digits = word.replace("_", "");
    try {
      return digits.startsWith("0x") || digits.startsWith("0X")
          ? Long.parseUnsignedLong(digits.substring(2), 16)
          : Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + word + "\" is not a whole number", e);
    }
  }
}
