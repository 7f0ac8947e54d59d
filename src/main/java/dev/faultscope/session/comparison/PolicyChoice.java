package dev.faultscope.session.comparison;

import dev.faultscope.policy.Policies;
import dev.faultscope.policy.PolicyType;
import dev.faultscope.settings.Parameter;
import java.util.List;

/**
 * A policy that can be compared.
 *
 * @param settings what can be set on it, in words
 */
public record PolicyChoice(String name, String about, List<Setting> settings) {

  /** A setting with its default. */
  public record Setting(String name, long otherwise, String about) {}

  /** {@return every policy there is} */
  public static List<PolicyChoice> all() {
    return Policies.all().stream().map(PolicyChoice::of).toList();
  }

  private static PolicyChoice of(PolicyType type) {
    return new PolicyChoice(
        type.name(), type.about(), type.parameters().stream().map(PolicyChoice::setting).toList());
  }

  private static Setting setting(Parameter parameter) {
    return new Setting(parameter.name(), parameter.otherwise(), parameter.about());
  }
}
