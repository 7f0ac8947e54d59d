package dev.faultscope.scenario.conform;

import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an engine saw in a step, in words that do not depend on the engine, as {@code expect} has
 * them.
 *
 * @param facts facts by key
 * @param messages messages read, in no order of theirs: two threads that one call wakes race
 */
record ObservedState(Map<String, String> facts, List<String> messages) {

  static ObservedState of(Observation seen, Places places, Names names, boolean withValue) {
    Map<String, String> facts = new TreeMap<>();
    seen.facts()
        .forEach(
            (fact, value) -> {
              if (fact != Fact.VALUE || withValue) {
                facts.put(fact.key(), word(fact, value, places, names));
              }
            });
    List<String> messages = new ArrayList<>();
    for (Map<Fact, Object> message : seen.messages()) {
      Map<String, String> words = new TreeMap<>();
      message.forEach((fact, value) -> words.put(fact.key(), word(fact, value, places, names)));
      messages.add(mapping(words));
    }
    messages.sort(null);
    return new ObservedState(facts, messages);
  }

  private static String word(Fact fact, Object value, Places places, Names names) {
    if (value instanceof Long number) {
      return switch (fact) {
        case AT, TO -> '"' + places.of(number) + '"';
        case TID -> '"' + names.of(number) + '"';
        case FIELD -> number < 0 ? "-" + Errno.nameOf((int) -number) : "" + number;
        case IOCTLS, FEATURES -> "0x" + Long.toHexString(number);
        default -> "" + number;
      };
    }
    return "" + value;
  }

  private static String mapping(Map<String, String> words) {
    List<String> pairs = new ArrayList<>();
    words.forEach((key, word) -> pairs.add(key + ": " + word));
    return "{" + String.join(", ", pairs) + "}";
  }

  /** {@return the {@code expect} that this sight fulfils} */
  String expectation() {
    Map<String, String> words = new TreeMap<>(facts);
    if (!messages.isEmpty()) {
      words.put("messages", "[" + String.join(", ", messages) + "]");
    }
    return mapping(words);
  }

  /** {@return the least that a step must expect in order to pass: its errno or state} */
  String outcome() {
    Map<String, String> words = new TreeMap<>();
    for (String key : List.of("errno", "state")) {
      String word = facts.get(key);
      if (word != null && !word.equals("OK") && !word.equals("done")) {
        words.put(key, word);
      }
    }
    return words.isEmpty() ? "" : mapping(words);
  }
}
