package dev.faultscope.workload;

import dev.faultscope.settings.Described;
import dev.faultscope.settings.Parameter;
import java.util.List;
import java.util.stream.Stream;

/**
 * A workload as people choose it: its name, its settings and how it is made. Each stands in the
 * workload's own file, and {@link Workloads} registers it.
 *
 * @param about what is accessed, in one sentence without a full stop
 * @param needsRecording whether it follows a recording
 * @param ownParameters what can be set on it beside what every workload has
 * @param maker makes one for a thread
 */
public record WorkloadType(
    String name, String about, boolean needsRecording, List<Parameter> ownParameters, Maker maker)
    implements Described {
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

  /** Makes the order of one thread's accesses. */
  @FunctionalInterface
  public interface Maker {
    /**
     * {@return an order}
     *
     * @throws IllegalArgumentException if there can be none; the message says why
     */
    Workload make(WorkloadContext context);
  }

  public WorkloadType {
    ownParameters = List.copyOf(ownParameters);
  }

  /** {@return a workload that makes its own order} */
  public static WorkloadType of(String name, String about, Maker maker, Parameter... parameters) {
    return new WorkloadType(name, about, false, List.of(parameters), maker);
  }

  /** {@return the same, but following a recording} */
  WorkloadType following() {
    return new WorkloadType(name, about, true, ownParameters, maker);
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.concat(COMMON.stream(), ownParameters.stream()).toList();
  }
}
