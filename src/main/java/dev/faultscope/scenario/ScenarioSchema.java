package dev.faultscope.scenario;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * What a scenario file may hold, found out by having the parser read one in which every section and
 * every action stands with nothing in it: what it asks for is what there is.
 *
 * @param root the file
 * @param step one step of its script
 */
public record ScenarioSchema(Schema root, Schema.Cases step) {
  private static final String SECTIONS =
      """
      title: x
      kernel: {}
      memory: {m: {backing: guest_memfd}}
      uffds: {u: {register: {m: MISSING}}}
      kvm: {slots: {s: {}}, devices: {d: {gpa: 0x1000000000}}}
      vcpus: {v: {}}
      threads: {t: {}}
      handlers: {h: {}, e: {exits: kvm-userfault}}
      costs: {}
      steps:
      - {repeat: {steps: []}}
      """;

  /** {@return the schema of this program's scenarios} */
  public static ScenarioSchema standard() {
    StringBuilder text = new StringBuilder(SECTIONS);
    ScenarioParser.actions()
        .forEach(action -> text.append("- {").append(action).append(": {}, expect: {}}\n"));
    MappingNode file = YamlTree.read(text.toString());
    Samples samples = new Samples();
    Scope scope = new Scope(samples);
    ScenarioParser.parse(file, scope);
    Walk walk = new Walk(samples, scope);
    Schema root = walk.of(file, Schema.ANY);
    Map<String, Schema.Mapping> steps = new LinkedHashMap<>();
    if (child(file, "steps") instanceof SequenceNode list) {
      list.getValue().forEach(each -> walk.step((MappingNode) each, steps));
    }
    return new ScenarioSchema(root, new Schema.Cases("", steps, ""));
  }

  /**
   * {@return the cases of a mapping whose key {@code by} says which settings it has}
   *
   * @param words the values of that key, with what each does
   * @param parse reads one such mapping
   */
  static Schema.Cases cases(
      String by, Map<String, String> words, BiConsumer<MappingNode, Scope> parse) {
    Map<String, Schema.Mapping> cases = new LinkedHashMap<>();
    for (String word : words.keySet()) {
      MappingNode node = (MappingNode) YamlTree.value("{" + by + ": " + word + "}");
      Samples samples = new Samples();
      Scope scope = new Scope(samples);
      scope.add(Scope.Kind.MEMORY, "m");
      parse.accept(node, scope);
      Map<String, Schema.Key> keys =
          new LinkedHashMap<>(Objects.requireNonNull(samples.reading(node)).asked());
      keys.put(
          by,
          new Schema.Key(
              new Schema.Value(Schema.Type.WORD, words, "", Long.MIN_VALUE, Long.MAX_VALUE), ""));
      cases.put(word, new Schema.Mapping(keys, by));
    }
    return new Schema.Cases(by, cases, by);
  }

  /** {@return names, with what each is about, in their order} */
  static <K> Map<String, String> words(
      List<K> kinds, Function<K, String> name, Function<K, String> about) {
    Map<String, String> words = new LinkedHashMap<>();
    kinds.forEach(kind -> words.put(name.apply(kind), about.apply(kind)));
    return words;
  }

  private static @Nullable Node child(MappingNode node, String name) {
    for (NodeTuple tuple : node.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name)) {
        return tuple.getValueNode();
      }
    }
    return null;
  }

  /** Goes through the file beside what was asked of it. */
  private static final class Walk {
    private final Samples samples;
    private final Scope scope;

    /** Kinds and names that stood already: who stands again refers to the first. */
    private final Set<List<Object>> declared = new HashSet<>();

    Walk(Samples samples, Scope scope) {
      this.samples = samples;
      this.scope = scope;
    }

    Schema of(@Nullable Node node, Schema asked) {
      if (!asked.equals(Schema.ANY) || !(node instanceof MappingNode mapping)) {
        return asked;
      }
      Fields fields = samples.reading(mapping);
      if (fields == null) {
        return asked;
      }
      return fields.isFinished() ? closed(mapping, fields, "") : named(mapping, fields);
    }

    private Schema.Mapping closed(MappingNode node, Fields fields, String shorthand) {
      Map<String, Schema.Key> keys = new LinkedHashMap<>();
      fields
          .asked()
          .forEach(
              (name, key) ->
                  keys.put(name, new Schema.Key(of(child(node, name), key.schema()), key.about())));
      return new Schema.Mapping(keys, shorthand);
    }

    /** Names of one's own: all alike, or told apart by a key that only some of them have. */
    private Schema named(MappingNode node, Fields fields) {
      List<String> names = new ArrayList<>();
      fields.names().forEach(names::add);
      List<String> declares = new ArrayList<>();
      String refers = "";
      for (Scope.Kind kind : Scope.Kind.values()) {
        if (scope.names(kind).contains(names.getFirst())) {
          if (declared.add(List.of(kind, names.getFirst()))) {
            declares.add(kind.key());
          } else if (refers.isEmpty()) {
            refers = kind.key();
          }
        }
      }
      Map<String, Schema.Mapping> cases = new LinkedHashMap<>();
      Schema each = Schema.ANY;
      for (String name : names) {
        Node value = child(node, name);
        Schema.Key asked = fields.asked().get(name);
        each = of(value, asked == null ? Schema.ANY : asked.schema());
        if (each instanceof Schema.Mapping mapping && value instanceof MappingNode written) {
          cases.put(
              written.getValue().stream()
                  .map(tuple -> ((ScalarNode) tuple.getKeyNode()).getValue())
                  .findFirst()
                  .orElse(""),
              mapping);
        }
      }
      return new Schema.Named(
          names.size() > 1 ? new Schema.Cases("", cases, "") : each, declares, refers);
    }

    void step(MappingNode node, Map<String, Schema.Mapping> steps) {
      Map<String, Schema.Key> keys = new LinkedHashMap<>();
      String action = "";
      for (NodeTuple tuple : node.getValue()) {
        String name = ((ScalarNode) tuple.getKeyNode()).getValue();
        MappingNode arguments = (MappingNode) tuple.getValueNode();
        Fields fields = Objects.requireNonNull(samples.reading(arguments), name);
        boolean expects = name.equals("expect");
        action = expects ? action : name;
        keys.put(
            name,
            new Schema.Key(
                closed(arguments, fields, expects ? "" : ScenarioParser.shorthand(name)), ""));
      }
      steps.put(action, new Schema.Mapping(keys, ""));
    }
  }
}
