package dev.faultscope.scenario;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A policy with its settings.
 *
 * @param recording name of a recording that it learns from, null for none
 */
public record PolicySpec(PolicyKind kind, Settings settings, @Nullable String recording) {

  /** {@return a policy with nothing set} */
  public static PolicySpec of(PolicyKind kind) {
    return new PolicySpec(kind, Settings.defaults(kind.parameters()), null);
  }

  /**
   * {@return the policy that a text names: {@code batch} or <code>{name: batch, after: 31}</code>}
   *
   * @throws ScenarioException if it names none
   */
  public static PolicySpec parse(String text) {
    return parse(YamlTree.value(text), new Scope());
  }

  static PolicySpec parse(Node node, Scope scope) {
    if (node instanceof ScalarNode) {
      return of(Fields.choiceOf(node, PolicyKind.class));
    }
    Fields fields = Fields.of(node, scope, "a policy");
    PolicyKind kind = Fields.choiceOf(fields.requiredNode("name"), PolicyKind.class);
    Settings settings = Settings.parse(fields, kind.parameters());
    Node recording = kind.takesRecording() ? fields.node("recording") : null;
    fields.finish("policy " + kind.key());
    return new PolicySpec(kind, settings, recording == null ? null : Fields.scalar(recording));
  }
}
