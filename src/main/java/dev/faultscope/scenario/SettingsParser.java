package dev.faultscope.scenario;

import dev.faultscope.settings.Parameter;
import dev.faultscope.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the settings of something among the fields of a scenario. */
final class SettingsParser {
  private SettingsParser() {}

  /** Reads the parameters among the fields; what else is there stays for others to read. */
  static Settings parse(Fields fields, List<Parameter> parameters) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (Parameter each : parameters) {
      fields.written(each.name(), schema(each), each.about());
      Node node = fields.node(each.name());
      values.put(each.name(), node == null ? each.otherwise() : value(fields, each, node));
    }
    return new Settings(values);
  }

  private static Schema schema(Parameter parameter) {
    return switch (parameter.type()) {
      case NUMBER -> Schema.number(parameter.least(), parameter.most());
      case DURATION -> Schema.value(Schema.Type.DURATION);
      case FLAG -> Schema.value(Schema.Type.FLAG);
      case WORD -> Schema.words(parameter.words());
    };
  }

  private static long value(Fields fields, Parameter parameter, Node node) {
    return switch (parameter.type()) {
      case NUMBER -> fields.number(parameter.name(), parameter.least(), parameter.most());
      case DURATION -> Fields.duration(node);
      case FLAG -> fields.flag(parameter.name()) ? 1 : 0;
      case WORD -> {
        try {
          yield parameter.parse(Fields.scalar(node));
        } catch (IllegalArgumentException e) {
          throw YamlTree.error(node, String.valueOf(e.getMessage()));
        }
      }
    };
  }
}
