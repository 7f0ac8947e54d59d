package dev.faultscope.scenario;

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

  static Parameter number(String name, long otherwise, long least, long most, String about) {
    return new Parameter(name, Type.NUMBER, otherwise, least, most, List.of(), about);
  }

  static Parameter duration(String name, long otherwiseNs, String about) {
    return new Parameter(
        name, Type.DURATION, otherwiseNs, 0, Durations.LONGEST_NS, List.of(), about);
  }

  static Parameter flag(String name, boolean otherwise, String about) {
    return new Parameter(name, Type.FLAG, otherwise ? 1 : 0, 0, 1, List.of(), about);
  }

  /** One of several words; the first is taken where none is written. */
  static Parameter word(String name, String about, String... words) {
    return new Parameter(name, Type.WORD, 0, 0, words.length - 1, List.of(words), about);
  }
}
