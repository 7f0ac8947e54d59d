package dev.faultscope.session.comparison;

import dev.faultscope.scenario.Parameter;
import dev.faultscope.scenario.PolicyKind;
import java.util.Arrays;
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
    return Arrays.stream(PolicyKind.values()).map(PolicyChoice::of).toList();
  }

  private static PolicyChoice of(PolicyKind kind) {
    return new PolicyChoice(
        kind.key(), kind.about(), kind.parameters().stream().map(PolicyChoice::setting).toList());
  }

  private static Setting setting(Parameter parameter) {
    return new Setting(parameter.name(), parameter.otherwise(), parameter.about());
  }
}
