package dev.faultscope.scenario;

import java.util.List;
import java.util.Map;

/**
 * What a step expects.
 *
 * @param line where that is written
 * @param facts by fact: {@link Long}, {@link String} or {@link Place}
 * @param messages one map per message that must have been read, in order; empty where nothing is
 *     said of them
 */
public record Expected(int line, Map<Fact, Object> facts, List<Map<Fact, Object>> messages) {
  public Expected {
    facts = Map.copyOf(facts);
    messages = List.copyOf(messages);
  }

  /** {@return whether nothing is said of what should be seen} */
  public boolean isEmpty() {
    return facts.isEmpty() && messages.isEmpty();
  }
}
