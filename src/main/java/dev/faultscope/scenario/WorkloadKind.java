package dev.faultscope.scenario;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The orders in which a thread or vCPU can access memory, with what can be set on each. */
public enum WorkloadKind {
  SEQUENTIAL("one page after the other"),
  RANDOM(
      "pages drawn evenly",
      Parameter.flag("once", true, "each page once, in random order; false: with repetition"));

  /** What every workload has. */
  private static final List<Parameter> COMMON =
      List.of(
          Parameter.number("from", 0, 0, 1 << 22, "first page of the memory that it accesses"),
          Parameter.number("pages", 0, 0, 1 << 22, "how many pages from there, 0 for all"),
          Parameter.number("accesses", 0, 0, 1L << 31, "accesses to make, 0 for one a page"),
          Parameter.number("writes", 0, 0, 100, "percentage of accesses that write"),
          Parameter.duration("think", 0, "time between two accesses, spent otherwise"),
          Parameter.duration("start", 0, "when it begins"),
          Parameter.flag(
              "split", false, "threads of one count share the pages, each its own part"));

  private final String about;
  private final List<Parameter> parameters;

  WorkloadKind(String about, Parameter... parameters) {
    this.about = about;
    this.parameters = List.of(parameters);
  }

  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String about() {
    return about;
  }

  /** {@return what can be set on it beside what every workload has} */
  public List<Parameter> ownParameters() {
    return parameters;
  }

  public List<Parameter> parameters() {
    return Stream.concat(COMMON.stream(), parameters.stream()).toList();
  }
}
