package dev.faultscope.scenario;

import dev.faultscope.model.Errno;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads what a step expects: a mapping of facts, or one word that says it all. */
final class ExpectationParser {
  private ExpectationParser() {}

  static Expected parse(@Nullable Node node, Action action, int stepLine, Scope scope) {
    if (node == null) {
      return new Expected(stepLine, Map.of(), List.of());
    }
    int line = YamlTree.line(node);
    if (node instanceof ScalarNode) {
      return new Expected(line, shorthand(node, action), List.of());
    }
    Fields fields = Fields.of(node, scope, "expect");
    Map<Fact, Object> facts = facts(fields, action.observes());
    List<Map<Fact, Object>> messages = new ArrayList<>();
    if (action.observes() == Action.Observes.MESSAGES) {
      fields.written("messages", new Schema.Items(messageSchema()));
      for (Node each : fields.list("messages")) {
        Fields message = Fields.of(each, scope, "a message");
        messages.add(facts(message, Action.Observes.MESSAGES));
        message.finish("a message");
      }
    }
    fields.finish("expect of this step");
    return new Expected(line, facts, messages);
  }

  private static Map<Fact, Object> shorthand(Node node, Action action) {
    String word = Fields.scalar(node);
    if (word.matches("E[A-Z0-9]+") || word.equals("OK")) {
      return Map.of(Fact.ERRNO, errno(node, word));
    }
    return switch (action.observes()) {
      case THREAD, VCPU -> Map.of(Fact.STATE, word.toLowerCase(Locale.ROOT));
      case MESSAGES ->
          action instanceof Action.Read && word.equals("none")
              ? Map.of(Fact.ERRNO, Errno.EAGAIN.name())
              : Map.of(Fact.POLL, word);
      default ->
          throw YamlTree.error(node, "\"" + word + "\" is neither an errno nor a mapping of facts");
    };
  }

  private static Map<Fact, Object> facts(Fields fields, Action.Observes family) {
    Map<Fact, Object> facts = new EnumMap<>(Fact.class);
    for (Fact fact : Fact.values()) {
      if (fact.isObservedBy(family)) {
        fields.written(fact.key(), schema(fact));
        Node value = fields.node(fact.key());
        if (value != null) {
          facts.put(fact, value(fact, value, fields));
        }
      }
    }
    return facts;
  }

  private static Schema messageSchema() {
    Map<String, Schema.Key> keys = new LinkedHashMap<>();
    for (Fact fact : Fact.values()) {
      if (fact.isObservedBy(Action.Observes.MESSAGES)) {
        keys.put(fact.key(), new Schema.Key(schema(fact), ""));
      }
    }
    return new Schema.Mapping(keys, "");
  }

  private static Schema schema(Fact fact) {
    return switch (fact.type()) {
      case NUMBER, MASK ->
          switch (fact) {
            case FLAGS -> Schema.bits(Bits.MESSAGE_FLAGS.keySet().stream().sorted().toList());
            case EXIT_FLAGS -> Schema.bits(Bits.EXIT_FLAGS.keySet().stream().sorted().toList());
            default -> Schema.number(Long.MIN_VALUE, Long.MAX_VALUE);
          };
      case ERRNO -> Schema.words(Stream.of(Errno.values()).map(Errno::name).toList());
      case FIELD -> Schema.number(Long.MIN_VALUE, Long.MAX_VALUE).or(List.of("untouched"));
      case WORD -> Schema.value(Schema.Type.TEXT);
      case PLACE -> Schema.value(Schema.Type.PLACE);
    };
  }

  private static Object value(Fact fact, Node value, Fields fields) {
    return switch (fact.type()) {
      case NUMBER, MASK ->
          switch (fact) {
            case FLAGS -> fields.bits(fact.key(), Bits.MESSAGE_FLAGS, 0);
            case EXIT_FLAGS -> fields.bits(fact.key(), Bits.EXIT_FLAGS, 0);
            default -> (Object) fields.number(value);
          };
      case ERRNO -> errno(value, Fields.scalar(value));
      case FIELD -> field(value, fields);
      case WORD -> Fields.scalar(value);
      case PLACE -> fields.place(value);
    };
  }

  private static String errno(Node node, String word) {
    for (Errno errno : Errno.values()) {
      if (errno.name().equals(word)) {
        return word;
      }
    }
    throw YamlTree.error(node, "no errno is called \"" + word + "\"");
  }

  /** A number of bytes, {@code -EEXIST}, or {@code untouched}. */
  private static Object field(Node node, Fields fields) {
    String word = Fields.scalar(node);
    if (word.equals("untouched")) {
      return word;
    }
    if (word.startsWith("-E")) {
      return (long) -Errno.valueOf(errno(node, word.substring(1))).number();
    }
    return fields.number(node);
  }
}
