package dev.faultscope.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The schema is what the parser accepts: held against the parser's own refusals. */
class ScenarioSchemaTest {
  private static final ScenarioSchema SCHEMA = ScenarioSchema.standard();
  private static final Pattern MISSING = Pattern.compile("\"([\\w-]+)\" is missing");
  private static final Pattern KEYS = Pattern.compile("has no \"nonsense\"; it has (.*)");

  private static final String SECTIONS =
      """
      title: x
      memory: {m: {backing: guest_memfd, pages: 8}}
      uffds: {u: {register: {m: MISSING}}}
      kvm: {slots: {s: {memory: m}}}
      vcpus: {v: {}}
      threads: {t: {}}
      handlers: {h: {}}
      """;

  /** A mapping of the schema, and a file around what stands in it. */
  record Place(String name, Schema.Mapping mapping, String before, String after) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Place> places() {
    List<Place> all = new ArrayList<>();
    SCHEMA
        .step()
        .cases()
        .forEach(
            (action, step) -> {
              String before = SECTIONS + "steps: [{" + action + ": ";
              all.add(new Place(action, mapping(step, action), before, "}]"));
            });
    all.add(new Place("a mapping", each("memory"), "title: x\nmemory: {m: ", "}"));
    all.add(new Place("a userfaultfd", each("uffds"), "title: x\nuffds: {u: ", "}"));
    all.add(new Place("a thread", each("threads"), "title: x\nthreads: {t: ", "}"));
    all.add(new Place("kernel", mapping(root(), "kernel"), "title: x\nkernel: ", ""));
    all.add(new Place("costs", mapping(root(), "costs"), "title: x\ncosts: ", ""));
    String slot = "title: x\nmemory: {m: {backing: guest_memfd, pages: 8}}\nkvm: {slots: {s: ";
    Schema.Mapping kvm = mapping(root(), "kvm");
    all.add(new Place("a slot", (Schema.Mapping) named(kvm, "slots").each(), slot, "}}"));
    Schema.Cases handlers = (Schema.Cases) named(root(), "handlers").each();
    String uffds = SECTIONS.replace("handlers: {h: {}}\n", "") + "handlers: {h: ";
    assertThat(handlers.cases().keySet()).containsExactlyInAnyOrder("", "exits");
    all.add(new Place("a handler", found(handlers.cases(), ""), uffds, "}"));
    String exits = uffds + "{exits: kvm-userfault, ";
    all.add(new Place("of exits", found(handlers.cases(), "exits"), exits, "}}"));
    Schema.Mapping handler = found(handlers.cases(), "");
    settings(all, cases(handler, "policy"), uffds + "{policy: ", "}}");
    settings(all, cases(handler, "source"), uffds + "{source: ", "}}");
    String thread = SECTIONS.replace("threads: {t: {}}\n", "") + "threads: {t: {workload: ";
    settings(all, cases(each("threads"), "workload"), thread, "}}");
    return all.stream();
  }

  private static void settings(List<Place> all, Schema.Cases of, String before, String after) {
    of.cases()
        .forEach(
            (word, mapping) ->
                all.add(
                    new Place(
                        word, mapping, before + "{" + of.by() + ": " + word + ", ", "}" + after)));
  }

  @ParameterizedTest
  @MethodSource("places")
  void hasTheKeysThatTheParserAcceptsAndNoOther(Place place) {
    Map<String, String> written = required(place);
    for (String key : place.mapping().keys().keySet()) {
      Map<String, String> more = new LinkedHashMap<>(written);
      more.putIfAbsent(key, sample(found(place.mapping().keys(), key).schema()));
      assertThat(problem(place, more)).as(key).doesNotContain("has no \"");
    }
    written.put("nonsense", "1");
    Matcher keys = KEYS.matcher(problem(place, written));
    assertThat(keys.find()).as(problem(place, written)).isTrue();
    assertThat(new TreeSet<>(List.of(keys.group(1).split(", "))))
        .isEqualTo(new TreeSet<>(place.mapping().keys().keySet()));
  }

  @ParameterizedTest
  @MethodSource("places")
  void wordsAreAcceptedWhereTheSchemaHasThem(Place place) {
    Map<String, String> required = required(place);
    place
        .mapping()
        .keys()
        .forEach(
            (key, value) -> {
              if (value.schema() instanceof Schema.Value known) {
                for (String word : known.words().keySet()) {
                  Map<String, String> written = new LinkedHashMap<>(required);
                  written.put(key, word);
                  assertThat(problem(place, written))
                      .as(key + ": " + word)
                      .doesNotContain("none of")
                      .doesNotContain("neither a number");
                }
              }
            });
  }

  /** What has to be there, found by leaving it out. */
  private static Map<String, String> required(Place place) {
    Map<String, String> written = new LinkedHashMap<>();
    while (true) {
      String problem = problem(place, written);
      Matcher missing = MISSING.matcher(problem);
      String key =
          missing.find() ? missing.group(1) : problem.contains("either \"at\"") ? "at" : "";
      if (key.isEmpty()) {
        return written;
      }
      assertThat(place.mapping().keys()).containsKey(key);
      assertThat(written).as(problem).doesNotContainKey(key);
      written.put(key, sample(found(place.mapping().keys(), key).schema()));
    }
  }

  private static String problem(Place place, Map<String, String> written) {
    String keys =
        written.entrySet().stream()
            .map(each -> each.getKey() + ": " + each.getValue())
            .collect(Collectors.joining(", "));
    String start = place.before();
    String text =
        start.endsWith(", ")
            ? start + keys + place.after()
            : start + "{" + keys + "}" + place.after();
    try {
      ScenarioParser.parse(text);
      return "";
    } catch (ScenarioException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String sample(Schema schema) {
    return switch (schema) {
      case Schema.Value value ->
          switch (value.type()) {
            case ANY, TEXT -> "x";
            case NUMBER -> "" + Math.clamp(1L, value.least(), value.most());
            case FLAG -> "true";
            case DURATION -> "1us";
            case WORD, BITS -> value.words().keySet().iterator().next();
            case NEW_NAME -> "fresh";
            case PLACE -> "\"m[0]\"";
            case NAME ->
                switch (value.names()) {
                  case "memory", "guest-memory" -> "m";
                  case "uffd" -> "u";
                  case "thread" -> "t";
                  case "vcpu" -> "v";
                  case "slot" -> "s";
                  default -> "h";
                };
          };
      case Schema.Items items -> "[" + sample(items.each()) + "]";
      case Schema.Steps _ -> "[]";
      case Schema.Mapping _, Schema.Named _ -> "{}";
      case Schema.Cases cases -> cases.cases().keySet().iterator().next();
    };
  }

  @Test
  void everyActionIsAStep() {
    List<String> actions = new ArrayList<>(ScenarioParser.actions());
    actions.add("repeat");
    assertThat(SCHEMA.step().cases().keySet()).containsExactlyInAnyOrderElementsOf(actions);
  }

  @Test
  void namesSayWhereTheyAreDeclared() {
    assertThat(named(root(), "memory").declares()).contains("memory");
    assertThat(named(root(), "vcpus").declares()).containsExactlyInAnyOrder("thread", "vcpu");
    assertThat(named(root(), "threads").declares()).containsExactly("thread");
    assertThat(named(each("uffds"), "register").refers()).isEqualTo("memory");
  }

  @Test
  void everyScenarioOfTheGalleryFits() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("sample-scenarios"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        fits(YamlTree.read(Files.readString(file)), SCHEMA.root(), file.toString());
      }
    }
  }

  private static void fits(Node node, Schema schema, String where) {
    switch (schema) {
      case Schema.Value _ -> {}
      case Schema.Items items -> {
        if (node instanceof SequenceNode list) {
          list.getValue().forEach(each -> fits(each, items.each(), where));
        }
      }
      case Schema.Steps _ ->
          ((SequenceNode) node).getValue().forEach(each -> fits(each, SCHEMA.step(), where));
      case Schema.Mapping mapping -> {
        if (node instanceof MappingNode written) {
          for (NodeTuple tuple : written.getValue()) {
            String key = ((ScalarNode) tuple.getKeyNode()).getValue();
            assertThat(mapping.keys()).as(where).containsKey(key);
            fits(tuple.getValueNode(), found(mapping.keys(), key).schema(), where + "/" + key);
          }
        }
      }
      case Schema.Named named -> {
        if (node instanceof MappingNode written) {
          written.getValue().forEach(t -> fits(t.getValueNode(), named.each(), where));
        }
      }
      case Schema.Cases cases -> {
        if (node instanceof MappingNode written) {
          Map<String, String> keys = new LinkedHashMap<>();
          for (NodeTuple tuple : written.getValue()) {
            keys.put(
                ((ScalarNode) tuple.getKeyNode()).getValue(),
                tuple.getValueNode() instanceof ScalarNode value ? value.getValue() : "");
          }
          String which =
              cases.by().isEmpty()
                  ? cases.cases().keySet().stream().filter(keys::containsKey).findFirst().orElse("")
                  : String.valueOf(keys.get(cases.by()));
          assertThat(cases.cases()).as(where).containsKey(which);
          fits(node, found(cases.cases(), which), where);
        }
      }
    }
  }

  private static <V> V found(Map<String, V> map, String key) {
    return Objects.requireNonNull(map.get(key), key);
  }

  private static Schema.Mapping root() {
    return (Schema.Mapping) SCHEMA.root();
  }

  private static Schema.Mapping mapping(Schema.Mapping of, String key) {
    return (Schema.Mapping) found(of.keys(), key).schema();
  }

  private static Schema.Named named(Schema.Mapping of, String key) {
    return (Schema.Named) found(of.keys(), key).schema();
  }

  private static Schema.Mapping each(String section) {
    return (Schema.Mapping) named(root(), section).each();
  }

  private static Schema.Cases cases(Schema.Mapping of, String key) {
    return (Schema.Cases) found(of.keys(), key).schema();
  }
}
