package dev.faultscope.scenario;

import java.io.StringReader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads YAML into nodes that know their place; nothing in it can make an object or grow by aliases.
 */
final class YamlTree {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 20;

  private YamlTree() {}

  static MappingNode read(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new ScenarioException(
          1,
          1,
          "the file has " + text.length() + " characters, at most " + MAX_CHARACTERS + " are read");
    }
    if (compose(text) instanceof MappingNode mapping) {
      return mapping;
    }
    throw new ScenarioException(1, 1, "a scenario is a mapping of sections");
  }

  /** {@return a value that somebody wrote outside a file} */
  static Node value(String text) {
    return text.isEmpty() || text.length() > MAX_CHARACTERS ? compose("''") : compose(text);
  }

  private static Node compose(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setAllowDuplicateKeys(false);
    options.setAllowRecursiveKeys(false);
    try {
      Node root = new Yaml(options).compose(new StringReader(text));
      if (root == null) {
        throw new ScenarioException(1, 1, "there is nothing in it");
      }
      return root;
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      String problem = e.getProblem() == null ? "not YAML" : e.getProblem();
      throw mark == null
          ? new ScenarioException(1, 1, problem)
          : new ScenarioException(mark.getLine() + 1, mark.getColumn() + 1, problem);
    } catch (YAMLException e) {
      String problem = e.getMessage();
      throw new ScenarioException(1, 1, problem == null ? "not YAML" : problem);
    }
  }

  static ScenarioException error(Node node, String problem) {
    Mark mark = node.getStartMark();
    return new ScenarioException(mark.getLine() + 1, mark.getColumn() + 1, problem);
  }

  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
