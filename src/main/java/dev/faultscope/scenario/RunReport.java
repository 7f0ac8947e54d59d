package dev.faultscope.scenario;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to, in terms that every engine has. Its components are the fields of the JSON
 * that {@code run --json} prints.
 *
 * @param engine {@code simulation} or {@code live}
 * @param events events recorded
 * @param faults faults by kind
 * @param messages messages read from userfaultfds
 * @param ioctls by name, then by outcome: {@code ok} or an errno's name
 * @param stallNs nanoseconds that each thread or vCPU waited for faults
 * @param elapsedNs nanoseconds from start to end
 */
public record RunReport(
    String engine,
    long seed,
    long events,
    Faults faults,
    long messages,
    Map<String, Map<String, Long>> ioctls,
    Map<String, Long> stallNs,
    long elapsedNs,
    Expectations expectations) {

  public RunReport {
    ioctls = Collections.unmodifiableMap(new LinkedHashMap<>(ioctls));
    stallNs = Collections.unmodifiableMap(new LinkedHashMap<>(stallNs));
  }

  /**
   * Faults by kind.
   *
   * @param missing userfaultfd messages without a flag
   * @param minor with MINOR
   * @param wp with WP
   * @param kvmUserfault exits of a vCPU for a set KVM Userfault bit
   * @param memoryFault other exits of a vCPU with KVM_EXIT_MEMORY_FAULT
   * @param stage2 faults of a vCPU that KVM answered alone
   */
  public record Faults(
      long missing, long minor, long wp, long kvmUserfault, long memoryFault, long stage2) {
    /** Where KVM answers none alone, or none that are counted. */
    public Faults(long missing, long minor, long wp, long kvmUserfault, long memoryFault) {
      this(missing, minor, wp, kvmUserfault, memoryFault, 0);
    }

    /** {@return all of them} */
    public long total() {
      return missing + minor + wp + kvmUserfault + memoryFault + stage2;
    }
  }

  /**
   * What became of a script's expectations.
   *
   * @param passed expectations that held
   * @param failed those that did not
   * @param suspended steps whose expectations were not judged, since a person had changed the
   *     course of things
   */
  public record Expectations(int passed, List<Failed> failed, int suspended) {
    /** Of what has no script. */
    public static final Expectations NONE = new Expectations(0, List.of(), 0);

    public Expectations {
      failed = List.copyOf(failed);
    }

    /** {@return those of a report on a script} */
    public static Expectations of(Report report) {
      return new Expectations(
          report.passed(),
          report.failed().stream()
              .map(each -> new Failed(each.line(), each.expected(), each.actual(), each.step()))
              .toList(),
          report.suspended());
    }
  }

  /**
   * An expectation that did not hold.
   *
   * @param line where it is written
   * @param step what the step does, null where it is not known
   */
  public record Failed(int line, String expected, String actual, @Nullable String step) {}
}
