package dev.faultscope.scenario;

import dev.faultscope.settings.Settings;
import dev.faultscope.workload.Accesses;
import dev.faultscope.workload.Recordings;
import dev.faultscope.workload.Workload;
import dev.faultscope.workload.WorkloadContext;
import dev.faultscope.workload.WorkloadType;
import dev.faultscope.workload.Workloads;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * What a thread or vCPU does by itself.
 *
 * @param actor the thread's name
 * @param memory the mapping that it accesses
 * @param index which of the threads of one {@code count} it is, from 0
 * @param count how many there are
 * @param recording name of the recording that a replay follows, null for others
 */
public record WorkloadSpec(
    String actor,
    WorkloadType type,
    String memory,
    Settings settings,
    int index,
    int count,
    @Nullable String recording) {

  /** {@return how one is written} */
  static Schema schema() {
    return ScenarioSchema.cases(
        "kind",
        ScenarioSchema.words(Workloads.all(), WorkloadType::name, WorkloadType::about),
        (node, scope) -> parse(node, scope, "t", 1));
  }

  /** {@return the workload of a node, for the first of {@code count} threads} */
  static WorkloadSpec parse(Node node, Scope scope, String actor, int count) {
    Fields fields = Fields.of(node, scope, "a workload");
    WorkloadType type = fields.named("kind", Workloads::named);
    String memory = fields.knownOrOnly(Scope.Kind.MEMORY, "memory");
    Settings settings = SettingsParser.parse(fields, type.parameters());
    String recording = type.needsRecording() ? fields.text("recording") : null;
    fields.finish("workload " + type.name());
    return new WorkloadSpec(actor, type, memory, settings, 0, count, recording);
  }

  /** {@return the same for another thread of the count} */
  WorkloadSpec of(String other, int at) {
    return new WorkloadSpec(other, type, memory, settings, at, count, recording);
  }

  /**
   * {@return what the thread accesses}
   *
   * @param memoryPages size of the memory that it names
   * @param seed of this thread's own random numbers
   * @param recordings finds the recording that it follows
   * @throws IllegalArgumentException if its pages lie outside the memory, or its recording is not
   *     there; the message says so
   */
  public Accesses accesses(int memoryPages, long seed, Recordings recordings) {
    RandomGenerator random = new SplittableRandom(seed);
    int from = settings.whole("from");
    int pages = settings.whole("pages") == 0 ? memoryPages - from : settings.whole("pages");
    if (pages < 1 || from + pages > memoryPages) {
      throw new IllegalArgumentException(
          "%s: pages %d to %d are not all in %s, which has %d"
              .formatted(actor, from, from + pages - 1, memory, memoryPages));
    }
    if (settings.isSet("split")) {
      int part = (int) ((long) pages * index / count);
      int end = (int) ((long) pages * (index + 1) / count);
      if (end == part) {
        throw new IllegalArgumentException(
            "%s: %d pages cannot be split among %d".formatted(actor, pages, count));
      }
      from += part;
      pages = end - part;
    }
    int[] recorded =
        recording == null ? new int[0] : recordings.accesses(recording).of(index, count);
    Workload order = type.maker().make(new WorkloadContext(pages, settings, random, recorded));
    long accesses = settings.number("accesses");
    long all = recording == null ? pages : recorded.length;
    return new Accesses(
        order, random, from, settings.whole("writes"), accesses == 0 ? all : accesses);
  }
}
