package dev.faultscope.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value for each parameter of something: what was written, or the default.
 *
 * @param values by parameter name; durations in nanoseconds, flags 0 or 1, words by index
 */
public record Settings(Map<String, Long> values) {
  public Settings {
    values = Map.copyOf(values);
  }

  /** {@return the defaults of some parameters} */
  public static Settings defaults(List<Parameter> parameters) {
    Map<String, Long> values = new LinkedHashMap<>();
    parameters.forEach(each -> values.put(each.name(), each.otherwise()));
    return new Settings(values);
  }

  /** {@return the value of a parameter that there is} */
  public long number(String parameter) {
    @Nullable Long value = values.get(parameter);
    if (value == null) {
      throw new IllegalArgumentException("there is no parameter " + parameter);
    }
    return value;
  }

  /** {@return the value of a parameter whose bounds are those of an int} */
  public int whole(String parameter) {
    return Math.toIntExact(number(parameter));
  }

  /** {@return whether a flag is set} */
  public boolean isSet(String flag) {
    return number(flag) != 0;
  }
}
