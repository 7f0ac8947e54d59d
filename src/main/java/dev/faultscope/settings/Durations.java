package dev.faultscope.settings;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans of time as scenarios write them: {@code 4500ns}, {@code 3us}, {@code 0.5ms}, {@code 1s}.
 */
public final class Durations {
  /** An hour. */
  public static final long LONGEST_NS = 3_600_000_000_000L;

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,13}(?:\\.\\d{1,9})?) ?(ns|us|µs|ms|s)");

  private Durations() {}

  /**
   * {@return nanoseconds}
   *
   * @throws IllegalArgumentException if the text is no duration up to an hour; the message says so
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no duration; write a number with ns, us, ms or s, for example 80us");
    }
    long unit =
        switch (form.group(2)) {
          case "ns" -> 1;
          case "us", "µs" -> 1_000;
          case "ms" -> 1_000_000;
          default -> 1_000_000_000;
        };
    BigDecimal ns = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit));
    if (ns.compareTo(BigDecimal.valueOf(LONGEST_NS)) > 0) {
      throw new IllegalArgumentException("\"" + text + "\" is longer than an hour");
    }
    return ns.longValue();
  }

  /** {@return a duration in the largest unit that keeps it whole: {@code 80us}} */
  public static String text(long ns) {
    String[] units = {"ns", "us", "ms", "s"};
    long value = ns;
    int unit = 0;
    while (unit < units.length - 1 && value != 0 && value % 1000 == 0) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%d%s", value, units[unit]);
  }
}
