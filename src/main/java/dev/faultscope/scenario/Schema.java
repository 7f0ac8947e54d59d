package dev.faultscope.scenario;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What may stand at a place of a scenario file. Nobody writes it down: {@link ScenarioSchema} notes
 * what the parser asks for while it reads.
 */
public sealed interface Schema {
  /** How a single value is written. */
  enum Type {
    /** Anything. */
    ANY,
    TEXT,
    NUMBER,
    FLAG,
    /** A number with a unit, {@code 80us}. */
    DURATION,
    /** One of {@link Value#words}. */
    WORD,
    /** Some of {@link Value#words} as a list, or a number. */
    BITS,
    /** A name that is declared elsewhere. */
    NAME,
    /** A name that is declared here. */
    NEW_NAME,
    /** {@code name[page]+bytes}, in memory. */
    PLACE
  }

  /**
   * A single value.
   *
   * @param words what it may be beside, with what each does (or nothing)
   * @param names for names: of what, as {@link Named#declares} has it; else empty
   * @param least smallest number
   * @param most largest number
   */
  record Value(Type type, Map<String, String> words, String names, long least, long most)
      implements Schema {
    public Value {
      words = ordered(words);
    }

    /** {@return the same, or one of some words} */
    Value or(List<String> more) {
      return new Value(type, withWords(type, more).words(), names, least, most);
    }
  }

  /** A list. */
  record Items(Schema each) implements Schema {}

  /** A list of steps, {@link ScenarioSchema#step}. */
  record Steps() implements Schema {}

  /**
   * A mapping whose keys are known.
   *
   * @param shorthand the key that a single value stands for in place of the mapping, or empty
   */
  record Mapping(Map<String, Key> keys, String shorthand) implements Schema {
    public Mapping {
      keys = ordered(keys);
    }
  }

  /**
   * A mapping whose keys are names of one's own.
   *
   * @param declares what these are names of, where later names refer to them
   * @param refers what these are names of, declared elsewhere; else empty
   */
  record Named(Schema each, List<String> declares, String refers) implements Schema {
    public Named {
      declares = List.copyOf(declares);
    }
  }

  /**
   * One of several mappings.
   *
   * @param by the key whose value says which; empty where the presence of the case's own name among
   *     the keys does, and the case with the empty name is meant where none is present
   * @param shorthand as for {@link Mapping}
   */
  record Cases(String by, Map<String, Mapping> cases, String shorthand) implements Schema {
    public Cases {
      cases = ordered(cases);
    }
  }

  /** What a key leads to, and what it is about (or nothing). */
  record Key(Schema schema, String about) {}

  /** A value of which nothing is known. */
  Schema ANY = value(Type.ANY);

  static Value value(Type type) {
    return new Value(type, Map.of(), "", Long.MIN_VALUE, Long.MAX_VALUE);
  }

  static Value number(long least, long most) {
    return new Value(Type.NUMBER, Map.of(), "", least, most);
  }

  static Value words(Iterable<String> words) {
    return withWords(Type.WORD, words);
  }

  static Value bits(Iterable<String> words) {
    return withWords(Type.BITS, words);
  }

  /** {@return one of the constants of an enum, as files write them} */
  static <E extends Enum<E>> Value choice(Class<E> type) {
    return words(Stream.of(type.getEnumConstants()).map(Schema::key).toList());
  }

  static Value name(Scope.Kind kind) {
    return new Value(Type.NAME, Map.of(), kind.key(), Long.MIN_VALUE, Long.MAX_VALUE);
  }

  static Value newName(Scope.Kind kind) {
    return new Value(Type.NEW_NAME, Map.of(), kind.key(), Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** {@return how files write a constant} */
  static String key(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Value withWords(Type type, Iterable<String> words) {
    Map<String, String> all = new LinkedHashMap<>();
    words.forEach(word -> all.put(word, ""));
    return new Value(type, all, "", Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
