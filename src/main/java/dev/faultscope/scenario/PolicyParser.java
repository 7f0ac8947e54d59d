package dev.faultscope.scenario;

import dev.faultscope.policy.Policies;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.policy.PolicyType;
import dev.faultscope.settings.Settings;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads policies. */
public final class PolicyParser {
  private PolicyParser() {}

  /**
   * {@return the policy that a text names}: {@code batch}, {@code batch:16}, {@code
   * batch:before=8,after=7} or <code>{name: batch, after: 31}</code>
   *
   * @throws ScenarioException if it names none
   */
  public static PolicySpec parse(String text) {
    return parse(YamlTree.value(text), new Scope());
  }

  /** {@return how one is written} */
  static Schema schema() {
    return ScenarioSchema.cases(
        "name",
        ScenarioSchema.words(Policies.all(), PolicyType::name, PolicyType::about),
        PolicyParser::parse);
  }

  static PolicySpec parse(Node node, Scope scope) {
    if (node instanceof ScalarNode scalar) {
      try {
        return PolicySpec.parse(scalar.getValue());
      } catch (IllegalArgumentException e) {
        throw YamlTree.error(node, String.valueOf(e.getMessage()));
      }
    }
    Fields fields = Fields.of(node, scope, "a policy");
    PolicyType type = fields.named("name", Policies::named);
    Settings settings = SettingsParser.parse(fields, type.parameters());
    if (type.foresees()) {
      fields.written(PolicySpec.RECORDING, Schema.value(Schema.Type.TEXT));
    }
    Node recording = type.foresees() ? fields.node(PolicySpec.RECORDING) : null;
    fields.finish("policy " + type.name());
    return new PolicySpec(type, settings, recording == null ? null : Fields.scalar(recording));
  }
}
