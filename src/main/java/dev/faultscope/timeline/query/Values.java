package dev.faultscope.timeline.query;

import dev.faultscope.timeline.query.Field.Type;
import dev.faultscope.timeline.query.Lexer.Kind;
import dev.faultscope.timeline.query.Lexer.Token;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;

/** Reads the values of a predicate. */
final class Values {
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L);

  /** Every number of a predicate is at most this. */
  private static final long MAX = 1L << 62;

  private Values() {}

  /** {@return the number that a token stands for as a value of a field} */
  static long number(Field field, Token token) {
    if (token.kind() == Kind.NUMBER) {
      return field.type() == Type.DURATION ? duration(field, token) : whole(field, token);
    }
    if (field.type() == Type.CODE && (token.kind() == Kind.WORD || token.kind() == Kind.STRING)) {
      return named(field, token);
    }
    throw new QueryException(
        token.position(), "expected " + wanted(field) + ", not " + token.shown());
  }

  /** {@return the bit that a token stands for} */
  static int bit(Field field, Token token) {
    if (token.kind() == Kind.WORD || token.kind() == Kind.STRING) {
      return named(field, token);
    }
    throw new QueryException(
        token.position(), "expected " + wanted(field) + ", not " + token.shown());
  }

  private static int named(Field field, Token token) {
    Integer value = field.names().get(Field.spelling(token.text()));
    if (value == null) {
      throw new QueryException(
          token.position(),
          "unknown "
              + field.word()
              + " \""
              + token.text()
              + "\""
              + Nearest.hint(Field.spelling(token.text()), field.names().keySet())
              + "; expected "
              + wanted(field));
    }
    return value;
  }

  private static String wanted(Field field) {
    return switch (field.type()) {
      case NUMBER -> "a whole number for " + field.word() + ", such as 12 or 0x1f";
      case DURATION -> "a time for " + field.word() + ", such as 200us, 1.5ms or 3s";
      case CODE, BITS -> "one of " + String.join(", ", field.names().keySet());
      case NAME -> "the name or index of a " + field.word();
    };
  }

  private static long whole(Field field, Token token) {
    String text = token.text().replace("_", "");
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    try {
      long value = hex ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
      return bounded(value, token);
    } catch (NumberFormatException e) {
      throw new QueryException(
          token.position(), "expected " + wanted(field) + ", not " + token.shown());
    }
  }

  private static long duration(Field field, Token token) {
    String text = token.text().toLowerCase(Locale.ROOT).replace("_", "");
    int unitAt = 0;
    while (unitAt < text.length()
        && (Character.isDigit(text.charAt(unitAt)) || text.charAt(unitAt) == '.')) {
      unitAt++;
    }
    Long unit = unitAt == text.length() ? Long.valueOf(1) : UNITS.get(text.substring(unitAt));
    if (unit == null) {
      throw new QueryException(
          token.position() + unitAt,
          "unknown unit \"" + text.substring(unitAt) + "\"; units are ns, us, µs, ms and s");
    }
    try {
      long value =
          new BigDecimal(text.substring(0, unitAt))
              .multiply(BigDecimal.valueOf(unit))
              .setScale(0, RoundingMode.HALF_UP)
              .longValueExact();
      return bounded(value, token);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new QueryException(
          token.position(), "expected " + wanted(field) + ", not " + token.shown());
    }
  }

  private static long bounded(long value, Token token) {
    if (value > MAX) {
      throw new QueryException(token.position(), token.shown() + " is too large");
    }
    return value;
  }
}
