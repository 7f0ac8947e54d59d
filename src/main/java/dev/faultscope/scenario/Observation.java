package dev.faultscope.scenario;

import dev.faultscope.model.Errno;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an engine saw when it performed an action. Values are {@link Long} or {@link String} by
 * fact; addresses are absolute.
 *
 * @param facts what was seen
 * @param messages what read(2) returned, oldest first
 */
public record Observation(Map<Fact, Object> facts, List<Map<Fact, Object>> messages) {

  public Observation {
    facts = Collections.unmodifiableMap(new EnumMap<>(facts));
    messages = List.copyOf(messages);
  }

  /** {@return one fact, null where it was not observed} */
  public @Nullable Object get(Fact fact) {
    return facts.get(fact);
  }

  /** Collects what is observed. */
  public static final class Builder {
    private final Map<Fact, Object> facts = new EnumMap<>(Fact.class);

    public Builder number(Fact fact, long value) {
      facts.put(fact, value);
      return this;
    }

    public Builder word(Fact fact, String value) {
      facts.put(fact, value);
      return this;
    }

    public Builder errno(Errno errno) {
      return word(Fact.ERRNO, errno.name());
    }

    /** An enum constant, as the word that scenarios use. */
    public Builder word(Fact fact, Enum<?> value) {
      return word(fact, value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    public Map<Fact, Object> facts() {
      return facts;
    }

    public Observation build() {
      return new Observation(facts, List.of());
    }
  }

  public static Builder of() {
    return new Builder();
  }

  public static Observation errno(Errno errno) {
    return of().errno(errno).build();
  }
}
