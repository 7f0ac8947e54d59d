package dev.faultscope.scenario;

import dev.faultscope.settings.Settings;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** A source with its settings. */
public record SourceSpec(SourceKind kind, Settings settings) {

  public static SourceSpec of(SourceKind kind) {
    return new SourceSpec(kind, Settings.defaults(kind.parameters()));
  }

  static SourceSpec parse(Node node, Scope scope) {
    if (node instanceof ScalarNode) {
      return of(Fields.choiceOf(node, SourceKind.class));
    }
    Fields fields = Fields.of(node, scope, "a source");
    SourceKind kind = Fields.choiceOf(fields.requiredNode("kind"), SourceKind.class);
    Settings settings = SettingsParser.parse(fields, kind.parameters());
    fields.finish("source " + kind.key());
    return new SourceSpec(kind, settings);
  }
}
