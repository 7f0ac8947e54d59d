package dev.faultscope.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

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
  static Settings defaults(List<Parameter> parameters) {
    Map<String, Long> values = new LinkedHashMap<>();
    parameters.forEach(each -> values.put(each.name(), each.otherwise()));
    return new Settings(values);
  }

  /** Reads the parameters among the fields; what else is there stays for others to read. */
  static Settings parse(Fields fields, List<Parameter> parameters) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (Parameter each : parameters) {
      Node node = fields.node(each.name());
      values.put(each.name(), node == null ? each.otherwise() : value(fields, each, node));
    }
    return new Settings(values);
  }

  private static long value(Fields fields, Parameter parameter, Node node) {
    return switch (parameter.type()) {
      case NUMBER -> fields.number(parameter.name(), parameter.least(), parameter.most());
      case DURATION -> Fields.duration(node);
      case FLAG -> fields.flag(parameter.name()) ? 1 : 0;
      case WORD -> {
        int index = parameter.words().indexOf(Fields.scalar(node));
        if (index < 0) {
          throw YamlTree.error(
              node,
              "\"" + parameter.name() + "\" is none of " + String.join(", ", parameter.words()));
        }
        yield index;
      }
    };
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
