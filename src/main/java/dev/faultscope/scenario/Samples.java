package dev.faultscope.scenario;

import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Makes up values for what a file leaves out, and keeps every mapping that was read. */
final class Samples {
  private final IdentityHashMap<MappingNode, Fields> read = new IdentityHashMap<>();
  private int names;

  void reading(MappingNode node, Fields fields) {
    read.put(node, fields);
  }

  /** {@return the reading of a mapping, null where nobody read it field by field} */
  @Nullable Fields reading(MappingNode node) {
    return read.get(node);
  }

  /** {@return a text that a value may be, null where none can be made up} */
  @Nullable String sample(Schema schema, Scope scope) {
    if (!(schema instanceof Schema.Value value)) {
      return null;
    }
    return switch (value.type()) {
      case ANY -> null;
      case TEXT -> "x";
      case NUMBER -> "" + Math.clamp(1L, value.least(), value.most());
      case FLAG -> "true";
      case DURATION -> "1us";
      case WORD, BITS -> value.words().keySet().iterator().next();
      case NEW_NAME -> "sample-" + ++names;
      case NAME -> {
        Set<String> known = scope.names(Scope.Kind.valueOf(constant(value.names())));
        yield known.isEmpty() ? null : known.iterator().next();
      }
      case PLACE -> {
        Set<String> memory = scope.names(Scope.Kind.MEMORY);
        yield memory.isEmpty() ? null : memory.iterator().next() + "[0]";
      }
    };
  }

  private static String constant(String key) {
    return key.replace('-', '_').toUpperCase(java.util.Locale.ROOT);
  }
}
