package dev.faultscope.settings;

import java.util.List;

/**
 * Something that can be set on a policy, a workload or a source: its name, its type and its bounds.
 *
 * @param name as written in a scenario
 * @param type how a value is written
 * @param otherwise the value where none is written
 * @param least smallest value
 * @param most largest value
 * @param words the words of a {@link Type#WORD}; its value is the index of one
 * @param about what it does
 */
public record Parameter(
    String name,
    Type type,
    long otherwise,
    long least,
    long most,
    List<String> words,
    String about) {

  /** How a value is written. */
  public enum Type {
    NUMBER,
    /** Nanoseconds, written with a unit: {@code 80us}. */
    DURATION,
    /** {@code true} or {@code false}, as 1 or 0. */
    FLAG,
    WORD
  }

  public Parameter {
    words = List.copyOf(words);
  }

  /** A whole number within bounds. */
  public static Parameter number(String name, long otherwise, long least, long most, String about) {
    return new Parameter(name, Type.NUMBER, otherwise, least, most, List.of(), about);
  }

  /** A span of time up to an hour. */
  public static Parameter duration(String name, long otherwiseNs, String about) {
    return new Parameter(
        name, Type.DURATION, otherwiseNs, 0, Durations.LONGEST_NS, List.of(), about);
  }

  /** True or false. */
  public static Parameter flag(String name, boolean otherwise, String about) {
    return new Parameter(name, Type.FLAG, otherwise ? 1 : 0, 0, 1, List.of(), about);
  }

  /** One of several words; the first is taken where none is written. */
  public static Parameter word(String name, String about, String... words) {
    return new Parameter(name, Type.WORD, 0, 0, words.length - 1, List.of(words), about);
  }

  /**
   * {@return the value that a text writes}
   *
   * @throws IllegalArgumentException if it is none of this parameter's; the message says what is
   */
  public long parse(String text) {
    return switch (type) {
      case NUMBER -> checked(text);
      case DURATION -> Durations.parse(text);
      case FLAG ->
          switch (text) {
            case "true", "yes" -> 1;
            case "false", "no" -> 0;
            default -> throw new IllegalArgumentException("\"" + name + "\" is true or false");
          };
      case WORD -> {
        int index = words.indexOf(text);
        if (index < 0) {
          throw new IllegalArgumentException(
              "\"" + name + "\" is none of " + String.join(", ", words));
        }
        yield index;
      }
    };
  }

  private long checked(String text) {
    long number;
    try {
      number = Long.parseLong(text);
    } catch (NumberFormatException notOne) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is \"" + text + "\"; it may be " + least + " to " + most, notOne);
    }
    return check(number);
  }

  /**
   * {@return the number, if it is within the bounds}
   *
   * @throws IllegalArgumentException if it is not
   */
  public long check(long number) {
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is " + number + "; it may be " + least + " to " + most);
    }
    return number;
  }

  /** {@return a value as it is written} */
  public String text(long value) {
    return switch (type) {
      case NUMBER -> String.valueOf(value);
      case DURATION -> Durations.text(value);
      case FLAG -> value != 0 ? "true" : "false";
      case WORD -> words.get((int) value);
    };
  }
}
