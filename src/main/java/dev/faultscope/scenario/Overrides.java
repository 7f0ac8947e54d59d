package dev.faultscope.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Sets values of a scenario from outside: {@code handlers.h.readers = 4}. A key is the path of
 * names to the value; what is not there yet is added, and what nobody knows is refused as if the
 * file said it.
 */
final class Overrides {
  private static final int MAX_KEYS = 64;

  private Overrides() {}

  static void apply(MappingNode root, Map<String, String> values) {
    if (values.size() > MAX_KEYS) {
      throw new ScenarioException(1, 1, "at most " + MAX_KEYS + " values can be set");
    }
    values.forEach((key, value) -> set(root, key, value));
  }

  private static void set(MappingNode root, String key, String value) {
    String[] path = key.split("\\.", -1);
    MappingNode node = root;
    for (int i = 0; i < path.length; i++) {
      String name = path[i];
      if (name.isEmpty()) {
        throw new ScenarioException(1, 1, "\"" + key + "\" is no path, write section.name.field");
      }
      if (i == path.length - 1) {
        put(node, name, YamlTree.value(value));
        return;
      }
      Node next = get(node, name);
      if (next instanceof ScalarNode scalar) {
        // A policy, source or thread may be written as a name alone.
        next = mapping(scalar, scalar);
        put(node, name, next);
      }
      if (next == null) {
        next = mapping(node, null);
        put(node, name, next);
      }
      if (!(next instanceof MappingNode inner)) {
        throw YamlTree.error(next, "\"" + key + "\" cannot be set: \"" + name + "\" is a list");
      }
      node = inner;
    }
  }

  private static MappingNode mapping(Node at, @Nullable ScalarNode shorthand) {
    List<NodeTuple> fields = new ArrayList<>();
    if (shorthand != null && !shorthand.getValue().isEmpty()) {
      fields.add(new NodeTuple(name("name", at), shorthand));
    }
    return new MappingNode(
        Tag.MAP,
        true,
        fields,
        at.getStartMark(),
        at.getEndMark(),
        org.yaml.snakeyaml.DumperOptions.FlowStyle.FLOW);
  }

  private static @Nullable Node get(MappingNode node, String name) {
    for (NodeTuple tuple : node.getValue()) {
      if (isNamed(tuple, name)) {
        return tuple.getValueNode();
      }
    }
    return null;
  }

  private static boolean isNamed(NodeTuple tuple, String name) {
    return tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name);
  }

  private static void put(MappingNode node, String name, Node value) {
    List<NodeTuple> fields = new ArrayList<>(node.getValue());
    for (int i = 0; i < fields.size(); i++) {
      if (isNamed(fields.get(i), name)) {
        fields.set(i, new NodeTuple(fields.get(i).getKeyNode(), value));
        node.setValue(fields);
        return;
      }
    }
    fields.add(new NodeTuple(name(name, node), value));
    node.setValue(fields);
  }

  private static ScalarNode name(String name, Node at) {
    return new ScalarNode(
        Tag.STR,
        name,
        at.getStartMark(),
        at.getEndMark(),
        org.yaml.snakeyaml.DumperOptions.ScalarStyle.PLAIN);
  }
}
