package dev.faultscope.policy;

import dev.faultscope.settings.Parameter;
import dev.faultscope.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A policy with its settings.
 *
 * @param recording name of a recording that it learns from, null for none
 */
public record PolicySpec(PolicyType type, Settings settings, @Nullable String recording) {
  /** The setting, beside a policy's own, that names a recording. */
  public static final String RECORDING = "recording";

  /** {@return a policy with nothing set} */
  public static PolicySpec of(PolicyType type) {
    return new PolicySpec(type, Settings.defaults(type.parameters()), null);
  }

  /**
   * {@return the policy that a text names}: {@code batch}, {@code batch:16} or {@code
   * batch:before=8,after=7}
   *
   * @throws IllegalArgumentException if it names none, or sets what it does not have; the message
   *     says which part is wrong and what there is
   */
  public static PolicySpec parse(String text) {
    String[] parts = text.strip().split(":", 2);
    PolicyType type = Policies.named(parts[0]);
    Map<String, Long> values = new LinkedHashMap<>(Settings.defaults(type.parameters()).values());
    String recording = null;
    for (String each : parts.length == 1 ? new String[0] : parts[1].split(",", -1)) {
      int equals = each.indexOf('=');
      String key = equals < 0 ? type.shorthand() : each.substring(0, equals).strip();
      String value = each.substring(equals + 1).strip();
      if (key.equals(RECORDING) && type.foresees() && !value.isEmpty()) {
        recording = value;
      } else {
        values.put(key, parameter(type, key, each).parse(value));
      }
    }
    return new PolicySpec(type, new Settings(values), recording);
  }

  private static Parameter parameter(PolicyType type, String key, String written) {
    Optional<Parameter> found =
        type.parameters().stream().filter(each -> each.name().equals(key)).findFirst();
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                "policy %s has no setting \"%s\"; %s"
                    .formatted(type.name(), written, remedy(type))));
  }

  private static String remedy(PolicyType type) {
    List<String> names =
        Stream.concat(
                type.parameters().stream().map(Parameter::name),
                type.foresees() ? Stream.of(RECORDING) : Stream.empty())
            .toList();
    return names.isEmpty()
        ? "it has none"
        : "it has "
            + String.join(", ", names)
            + ", as in "
            + type.name()
            + ":"
            + names.getFirst()
            + "=VALUE";
  }

  /** {@return it at work on a handler's pages} */
  public Policy make(HandledPages handled, AccessOracle oracle, RandomGenerator random) {
    return type.maker().make(new PolicyContext(settings, handled, oracle, random, recording));
  }

  /** {@return it as {@link #parse} reads it, without what is the default} */
  public String text() {
    String set =
        Stream.concat(
                type.parameters().stream()
                    .filter(each -> settings.number(each.name()) != each.otherwise())
                    .map(each -> each.name() + "=" + each.text(settings.number(each.name()))),
                Stream.ofNullable(recording).map(name -> RECORDING + "=" + name))
            .collect(Collectors.joining(","));
    return set.isEmpty() ? type.name() : type.name() + ":" + set;
  }
}
