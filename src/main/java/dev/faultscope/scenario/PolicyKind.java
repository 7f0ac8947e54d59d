package dev.faultscope.scenario;

import java.util.List;
import java.util.Locale;

/** The policies that a handler can follow, with what can be set on each. */
public enum PolicyKind {
  ON_DEMAND("answers each fault with its page and nothing else"),
  BATCH(
      "answers a fault with pages around it as well",
      Parameter.number("before", 0, 0, 65_536, "pages before the faulting one"),
      Parameter.number("after", 15, 0, 65_536, "pages after the faulting one")),
  PREFAULT(
      "as on-demand, and installs everything in order while nobody waits",
      Parameter.number("chunk", 64, 1, 65_536, "pages of one call")),
  ADAPTIVE_PUSH(
      "as on-demand, and pushes pages from behind the last fault on, in steps that double until the"
          + " next fault",
      Parameter.number("least", 16, 1, 65_536, "pages of the first step"),
      Parameter.number("most", 1024, 1, 65_536, "pages of the longest step")),
  WORKING_SET(
      "installs what an earlier run accessed, or the recording named by `recording`, without"
          + " waking, then wakes everybody once; else as on-demand",
      Parameter.word("order", "in which it is installed", "first-touch", "address"),
      Parameter.word("first", "who need not wait for the other", "faults", "set")),
  FAULT_ALL("installs everything at the first fault"),
  RANDOM_FAULTY(
      "makes mistakes: forgets to wake, installs a neighbour, answers twice, forgets the fault",
      Parameter.number("percent", 20, 0, 100, "faults that get one")),
  ORACLE(
      "knows what will be accessed, fetches that and nothing else, ever more of it in one call: a"
          + " baseline"),
  ALL_RESIDENT("has everything in place before the start: a baseline");

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

  /** {@return whether it can learn from a recording} */
  public boolean takesRecording() {
    return this == WORKING_SET;
  }

  /** {@return what it does, in one line} */
  public String about() {
    return about;
  }

  public List<Parameter> parameters() {
    return parameters;
  }
}
