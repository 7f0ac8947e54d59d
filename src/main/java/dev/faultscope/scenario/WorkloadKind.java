package dev.faultscope.scenario;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The orders in which a thread or vCPU can access memory, with what can be set on each. */
public enum WorkloadKind {
  SEQUENTIAL("one page after the other"),
  RANDOM(
      "pages drawn evenly",
      Parameter.flag("once", true, "each page once, in random order; false: with repetition")),
  STRIDED(
      "every so-manieth page, then the ones between",
      Parameter.number("stride", 16, 1, 1 << 22, "pages from one access to the next")),
  ZIPF(
      "few pages often, many seldom; popular pages lie anywhere",
      Parameter.number("exponent", 99, 1, 400, "exponent of the Zipf law, in percent")),
  WORKING_SET_SHIFT(
      "a window of pages evenly for a while, then the next window",
      Parameter.number("set", 512, 1, 1 << 22, "pages of the window"),
      Parameter.number("step", 256, 1, 1 << 22, "pages that it moves by"),
      Parameter.number("stay", 2048, 1, 1L << 31, "accesses before it moves")),
  TWO_PHASE_BOOT(
      "sequential runs as of a booting kernel, then a hot set as of a service",
      Parameter.number("boot", 25, 1, 100, "percentage of the pages that the boot reads"),
      Parameter.number("exponent", 99, 1, 400, "exponent of the hot set's Zipf law, in percent")),
  POINTER_CHASE(
      "a linked list through all pages: each access finds the next",
      Parameter.number("nodes", 4, 1, 512, "nodes of the list on each page")),
  REPLAY(
      "what the threads of a recording accessed, named by `recording`; one thread replays all,"
          + " several one of its threads each");

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

  /** {@return whether it follows a recording} */
  public boolean needsRecording() {
    return this == REPLAY;
  }

  /** {@return what can be set on it beside what every workload has} */
  public List<Parameter> ownParameters() {
    return parameters;
  }

  public List<Parameter> parameters() {
    return Stream.concat(COMMON.stream(), parameters.stream()).toList();
  }
}
