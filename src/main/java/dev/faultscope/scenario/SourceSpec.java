package dev.faultscope.scenario;

import dev.faultscope.settings.Settings;
import java.util.List;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** A source with its settings. */
public record SourceSpec(SourceKind kind, Settings settings) {

  /** {@return how one is written} */
  static Schema schema() {
    return ScenarioSchema.cases(
        "kind",
        ScenarioSchema.words(List.of(SourceKind.values()), SourceKind::key, SourceKind::about),
        SourceSpec::parse);
  }

  public static SourceSpec of(SourceKind kind) {
    return new SourceSpec(kind, Settings.defaults(kind.parameters()));
  }

  static SourceSpec parse(Node node, Scope scope) {
    if (node instanceof ScalarNode) {
      return of(Fields.choiceOf(node, SourceKind.class));
    }
    Fields fields = Fields.of(node, scope, "a source");
    SourceKind kind = fields.choice("kind", SourceKind.class);
    Settings settings = SettingsParser.parse(fields, kind.parameters());
    fields.finish("source " + kind.key());
    return new SourceSpec(kind, settings);
  }
}
