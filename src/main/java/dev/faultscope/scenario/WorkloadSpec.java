package dev.faultscope.scenario;

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
    WorkloadKind kind,
    String memory,
    Settings settings,
    int index,
    int count,
    @Nullable String recording) {

  /** {@return the workload of a node, for the first of {@code count} threads} */
  static WorkloadSpec parse(Node node, Scope scope, String actor, int count) {
    Fields fields = Fields.of(node, scope, "a workload");
    WorkloadKind kind = Fields.choiceOf(fields.requiredNode("kind"), WorkloadKind.class);
    String memory = fields.knownOrOnly(Scope.Kind.MEMORY, "memory");
    Settings settings = Settings.parse(fields, kind.parameters());
    String recording = kind.needsRecording() ? fields.text("recording") : null;
    fields.finish("workload " + kind.key());
    return new WorkloadSpec(actor, kind, memory, settings, 0, count, recording);
  }

  /** {@return the same for another thread of the count} */
  WorkloadSpec of(String other, int at) {
    return new WorkloadSpec(other, kind, memory, settings, at, count, recording);
  }
}
