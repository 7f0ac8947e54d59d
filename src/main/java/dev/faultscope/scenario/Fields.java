package dev.faultscope.scenario;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.settings.Durations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A mapping of the file, read field by field; every mistake is told with its place, a field nobody
 * asked for included.
 */
final class Fields {

  private final MappingNode node;
  private final Scope scope;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Map<String, Schema.Key> asked = new LinkedHashMap<>();
  private boolean finished;

  Fields(MappingNode node, Scope scope) {
    this.node = node;
    this.scope = scope;
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw YamlTree.error(tuple.getKeyNode(), "a name is expected here");
      }
      if (values.put(key.getValue(), tuple.getValueNode()) != null) {
        throw YamlTree.error(key, "\"" + key.getValue() + "\" is there twice");
      }
      keys.put(key.getValue(), key);
    }
    if (scope.samples() != null) {
      scope.samples().reading(node, this);
    }
  }

  static Fields of(Node node, Scope scope, String what) {
    if (node instanceof MappingNode mapping) {
      return new Fields(mapping, scope);
    }
    throw YamlTree.error(node, what + " is a mapping, for example {name: value}");
  }

  Scope scope() {
    return scope;
  }

  Iterable<String> names() {
    return values.keySet();
  }

  ScenarioException error(String problem) {
    return YamlTree.error(node, problem);
  }

  ScenarioException errorAt(String name, String problem) {
    Node value = values.get(name);
    return YamlTree.error(value == null ? node : value, problem);
  }

  ScenarioException errorAtKey(String name, String problem) {
    Node key = keys.get(name);
    return YamlTree.error(key == null ? node : key, problem);
  }

  /** Refuses fields that nobody asked for. */
  void finish(String what) {
    finished = true;
    for (String name : values.keySet()) {
      if (!asked.containsKey(name)) {
        throw errorAtKey(
            name, what + " has no \"" + name + "\"; it has " + String.join(", ", asked.keySet()));
      }
    }
  }

  /** {@return what was asked for so far, in order} */
  Map<String, Schema.Key> asked() {
    return asked;
  }

  /** {@return whether it has no other fields than those asked for} */
  boolean isFinished() {
    return finished;
  }

  /** Says how a field is written that is read by hand, whether it is there or not. */
  void written(String name, Schema schema) {
    written(name, schema, "");
  }

  /** Says so where a schema is being made, of what is long to tell. */
  void written(String name, Supplier<Schema> schema) {
    written(name, scope.samples() == null ? Schema.ANY : schema.get());
  }

  /** Says so, and what the field is about. */
  void written(String name, Schema schema, String about) {
    asked.put(name, new Schema.Key(schema, about));
  }

  @Nullable Node node(String name) {
    return node(name, Schema.ANY);
  }

  private @Nullable Node node(String name, Schema schema) {
    asked.merge(
        name,
        new Schema.Key(schema, ""),
        (known, now) -> known.schema().equals(Schema.ANY) ? now : known);
    return values.get(name);
  }

  Node requiredNode(String name) {
    return requiredNode(name, Schema.ANY);
  }

  private Node requiredNode(String name, Schema schema) {
    Node value = node(name, schema);
    if (value != null) {
      return value;
    }
    Samples samples = scope.samples();
    String sample = samples == null ? null : samples.sample(schema, scope);
    if (sample == null) {
      throw error("\"" + name + "\" is missing");
    }
    return YamlTree.value(sample);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** {@return which of several fields is there; empty where none or more than one is} */
  String oneOf(String... names) {
    List<String> there = Stream.of(names).filter(this::has).toList();
    return there.size() == 1 ? there.getFirst() : scope.samples() == null ? "" : names[0];
  }

  List<Node> list(String name) {
    Node value = node(name);
    if (value == null) {
      return List.of();
    }
    return elements(value);
  }

  static List<Node> elements(Node value) {
    if (value instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw YamlTree.error(value, "a list is expected here, for example [one, two]");
  }

  static String scalar(Node value) {
    if (value instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw YamlTree.error(value, "a single value is expected here");
  }

  String text(String name) {
    return scalar(requiredNode(name, Schema.value(Schema.Type.TEXT)));
  }

  String text(String name, String otherwise) {
    Node value = node(name, Schema.value(Schema.Type.TEXT));
    return value == null ? otherwise : scalar(value);
  }

  /** A name that must be known already. */
  String known(Scope.Kind kind, String name) {
    Node value = requiredNode(name, Schema.name(kind));
    return known(kind, value, scalar(value));
  }

  String known(Scope.Kind kind, Node at, String word) {
    if (!scope.names(kind).contains(word)) {
      throw YamlTree.error(
          at,
          "no "
              + kind.text()
              + " is called \""
              + word
              + "\"; there is "
              + (scope.names(kind).isEmpty() ? "none" : String.join(", ", scope.names(kind))));
    }
    return word;
  }

  /** A name that must be known, or the only one there is. */
  String knownOrOnly(Scope.Kind kind, String name) {
    if (!has(name) && scope.names(kind).size() == 1) {
      node(name, Schema.name(kind));
      return scope.names(kind).iterator().next();
    }
    return known(kind, name);
  }

  /** Names that must be known: one, or a list of them. */
  List<String> allKnown(Scope.Kind kind, Node value) {
    List<Node> nodes = value instanceof SequenceNode all ? all.getValue() : List.of(value);
    return nodes.stream().map(each -> known(kind, each, scalar(each))).toList();
  }

  /** Nanoseconds. */
  long duration(String name) {
    return duration(requiredNode(name, Schema.value(Schema.Type.DURATION)));
  }

  /** Nanoseconds. */
  static long duration(Node value) {
    try {
      return Durations.parse(scalar(value));
    } catch (IllegalArgumentException e) {
      throw YamlTree.error(value, String.valueOf(e.getMessage()));
    }
  }

  /** What a registry finds by the name that a field holds. */
  <D> D named(String name, Function<String, D> registry) {
    Node value = requiredNode(name);
    try {
      return registry.apply(scalar(value));
    } catch (IllegalArgumentException e) {
      throw YamlTree.error(value, String.valueOf(e.getMessage()));
    }
  }

  /** A new name. */
  String fresh(Scope.Kind kind, String name) {
    Node value = requiredNode(name, Schema.newName(kind));
    return fresh(kind, value, scalar(value));
  }

  /** A new name, null where there is none. */
  @Nullable String freshOrNull(Scope.Kind kind, String name) {
    Node value = node(name, Schema.newName(kind));
    return value == null ? null : fresh(kind, value, scalar(value));
  }

  String fresh(Scope.Kind kind, Node at, String word) {
    return fresh(scope, kind, at, word);
  }

  static String fresh(Scope scope, Scope.Kind kind, Node at, String word) {
    if (!word.matches("[A-Za-z][A-Za-z0-9_-]{0,40}")) {
      throw YamlTree.error(
          at, "\"" + word + "\" is no name: a letter, then up to 40 letters, digits, _ or -");
    }
    if (!scope.add(kind, word)) {
      throw YamlTree.error(at, "there is a " + kind.text() + " \"" + word + "\" already");
    }
    return word;
  }

  boolean flag(String name) {
    return flag(name, false);
  }

  boolean flag(String name, boolean otherwise) {
    Node value = node(name, Schema.value(Schema.Type.FLAG));
    if (value == null) {
      return otherwise;
    }
    return switch (scalar(value)) {
      case "true", "yes" -> true;
      case "false", "no" -> false;
      default -> throw YamlTree.error(value, "\"" + name + "\" is true or false");
    };
  }

  long number(String name, long least, long most) {
    return bounded(name, requiredNode(name, Schema.number(least, most)), least, most);
  }

  long number(String name, long otherwise, long least, long most) {
    Node value = node(name, Schema.number(least, most));
    return value == null ? otherwise : bounded(name, value, least, most);
  }

  private long bounded(String name, Node value, long least, long most) {
    long number = number(value);
    if (number < least || number > most) {
      throw YamlTree.error(
          value, "\"" + name + "\" is " + number + "; it may be " + least + " to " + most);
    }
    return number;
  }

  long number(Node value) {
    return evaluate(value, scalar(value));
  }

  private long evaluate(Node at, String text) {
    try {
      return Expression.evaluate(text, scope.variables());
    } catch (IllegalArgumentException e) {
      throw YamlTree.error(at, String.valueOf(e.getMessage()));
    }
  }

  <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
    Node value = node(name, Schema.choice(type));
    return value == null ? otherwise : choiceOf(value, type);
  }

  <E extends Enum<E>> E choice(String name, Class<E> type) {
    return choiceOf(requiredNode(name, Schema.choice(type)), type);
  }

  /** One of some words. */
  <V> V choice(String name, Map<String, V> words) {
    Node value = requiredNode(name, Schema.words(words.keySet()));
    V chosen = words.get(scalar(value));
    if (chosen == null) {
      throw noneOf(value, words.keySet());
    }
    return chosen;
  }

  static <E extends Enum<E>> E choiceOf(Node value, Class<E> type) {
    String word = scalar(value).replace('-', '_').toUpperCase(Locale.ROOT);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(word)) {
        return constant;
      }
    }
    throw noneOf(value, Schema.choice(type).words().keySet());
  }

  private static ScenarioException noneOf(Node value, Iterable<String> words) {
    return YamlTree.error(
        value, "\"" + scalar(value) + "\" is none of " + String.join(", ", words));
  }

  /** Bits by name or as a number: {@code [MISSING, MINOR]}, {@code MISSING} or {@code 5}. */
  long bits(String name, Map<String, Long> known, long otherwise) {
    Node value = node(name, Schema.bits(new TreeSet<>(known.keySet())));
    if (value == null) {
      return otherwise;
    }
    if (value instanceof SequenceNode sequence) {
      long all = 0;
      for (Node each : sequence.getValue()) {
        all |= bit(each, known);
      }
      return all;
    }
    return bit(value, known);
  }

  private long bit(Node value, Map<String, Long> known) {
    String word = scalar(value);
    Long named = known.get(word);
    if (named != null) {
      return named;
    }
    if (!word.isEmpty() && Character.isDigit(word.charAt(0))) {
      return number(value);
    }
    throw YamlTree.error(
        value,
        "\""
            + word
            + "\" is neither a number nor one of "
            + String.join(", ", new TreeSet<>(known.keySet())));
  }

  Place place(String name) {
    return place(requiredNode(name, Schema.value(Schema.Type.PLACE)));
  }

  @Nullable Place placeOrNull(String name) {
    Node value = node(name, Schema.value(Schema.Type.PLACE));
    return value == null ? null : place(value);
  }

  /** {@code name}, {@code name[page]}, {@code name[page]+bytes} or an absolute address. */
  Place place(Node value) {
    String text = scalar(value).strip();
    if (text.isEmpty() || !Character.isLetter(text.charAt(0))) {
      return new Place(null, evaluate(value, text));
    }
    int end = 0;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end))
            || text.charAt(end) == '_'
            || text.charAt(end) == '-')) {
      end++;
    }
    String memory = known(Scope.Kind.MEMORY, value, text.substring(0, end));
    String rest = text.substring(end).strip();
    long offset = 0;
    if (rest.startsWith("[")) {
      int close = rest.indexOf(']');
      if (close < 0) {
        throw YamlTree.error(value, "']' is missing in \"" + text + "\"");
      }
      offset = product(value, evaluate(value, rest.substring(1, close)));
      rest = rest.substring(close + 1).strip();
    }
    if (!rest.isEmpty()) {
      if (!rest.startsWith("+")) {
        throw YamlTree.error(value, "\"" + text + "\" is no place; write name[page]+bytes");
      }
      offset = sum(value, offset, evaluate(value, rest.substring(1)));
    }
    return new Place(memory, offset);
  }

  private static ScenarioException farAway(Node at, ArithmeticException e) {
    ScenarioException far = YamlTree.error(at, "\"" + scalar(at) + "\" lies beyond every address");
    far.initCause(e);
    return far;
  }

  private static long product(Node at, long pages) {
    try {
      return Math.multiplyExact(pages, PAGE_BYTES);
    } catch (ArithmeticException e) {
      throw farAway(at, e);
    }
  }

  private static long sum(Node at, long offset, long bytes) {
    try {
      return Math.addExact(offset, bytes);
    } catch (ArithmeticException e) {
      throw farAway(at, e);
    }
  }

  /** {@code at} with {@code pages} or {@code bytes}; one page where neither is given. */
  Span span(String at) {
    Place start = place(at);
    long pages = number("pages", 1, 0, 1 << 26);
    Node bytes = node("bytes", Schema.number(Long.MIN_VALUE, Long.MAX_VALUE));
    return new Span(start, bytes == null ? pages * PAGE_BYTES : number(bytes));
  }
}
