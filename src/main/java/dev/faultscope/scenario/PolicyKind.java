package dev.faultscope.scenario;

import java.util.List;
import java.util.Locale;

/** The policies that a handler can follow, with what can be set on each. */
public enum PolicyKind {
  ON_DEMAND("answers each fault with its page and nothing else"),
  BATCH(
      "answers a fault with pages around it as well",
      Parameter.number("before", 0, 0, 65_536, "pages before the faulting one"),
      Parameter.number("after", 15, 0, 65_536, "pages after the faulting one"));

  private final String about;
  private final List<Parameter> parameters;

  PolicyKind(String about, Parameter... parameters) {
    this.about = about;
    this.parameters = List.of(parameters);
  }

  /** {@return its name in a scenario: {@code on-demand}} */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@return what it does, in one line} */
  public String about() {
    return about;
  }

  public List<Parameter> parameters() {
    return parameters;
  }
}
