package dev.faultscope.session.scenario;

import dev.faultscope.scenario.ScenarioSchema;
import dev.faultscope.scenario.Schema;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A schema as maps, lists, texts and numbers, for who completes a text (docs/wire-protocol.md). */
final class PlainSchema {
  private PlainSchema() {}

  static Map<String, Object> of(ScenarioSchema schema) {
    return Map.of("root", of(schema.root()), "step", of(schema.step()));
  }

  private static Map<String, Object> of(Schema schema) {
    Map<String, Object> plain = new LinkedHashMap<>();
    switch (schema) {
      case Schema.Value value -> {
        plain.put("type", value.type().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (!value.words().isEmpty()) {
          plain.put("words", value.words());
        }
        if (!value.names().isEmpty()) {
          plain.put("names", value.names());
        }
        if (value.least() != Long.MIN_VALUE) {
          plain.put("least", value.least());
        }
        if (value.most() != Long.MAX_VALUE) {
          plain.put("most", value.most());
        }
      }
      case Schema.Items items -> {
        plain.put("type", "list");
        plain.put("each", of(items.each()));
      }
      case Schema.Steps _ -> plain.put("type", "steps");
      case Schema.Mapping mapping -> {
        plain.put("type", "mapping");
        plain.put("shorthand", mapping.shorthand());
        Map<String, Object> keys = new LinkedHashMap<>();
        mapping
            .keys()
            .forEach(
                (name, key) ->
                    keys.put(name, Map.of("schema", of(key.schema()), "about", key.about())));
        plain.put("keys", keys);
      }
      case Schema.Named named -> {
        plain.put("type", "names");
        plain.put("each", of(named.each()));
        plain.put("declares", named.declares());
        plain.put("refers", named.refers());
      }
      case Schema.Cases cases -> {
        plain.put("type", "cases");
        plain.put("by", cases.by());
        plain.put("shorthand", cases.shorthand());
        Map<String, Object> each = new LinkedHashMap<>();
        cases.cases().forEach((name, mapping) -> each.put(name, of(mapping)));
        plain.put("cases", each);
      }
    }
    return plain;
  }
}
