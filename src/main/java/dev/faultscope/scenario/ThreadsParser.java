package dev.faultscope.scenario;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a section of threads (or vCPUs): a list of names, or a mapping from names to what each does
 * by itself.
 *
 * @param what what they are called in messages
 * @param names every thread, counts unrolled
 * @param workloads what those that have one do
 */
record ThreadsParser(String what, List<String> names, List<WorkloadSpec> workloads) {
  static final int MAX_THREADS = 256;

  static ThreadsParser parse(@Nullable Node node, Scope scope, String what) {
    ThreadsParser all = new ThreadsParser(what, new ArrayList<>(), new ArrayList<>());
    switch (node) {
      case null -> {}
      case SequenceNode list -> list.getValue().forEach(each -> all.name(each, scope));
      case MappingNode mapping -> {
        Fields fields = new Fields(mapping, scope);
        for (String name : fields.names()) {
          all.thread(fields.requiredNode(name), name, scope);
        }
      }
      default -> throw YamlTree.error(node, what + " are a list of names or a mapping");
    }
    return all;
  }

  private void name(Node node, Scope scope) {
    add(node, Fields.scalar(node), scope);
  }

  private void add(Node at, String name, Scope scope) {
    if (names.size() == MAX_THREADS) {
      throw YamlTree.error(at, "there are more than " + MAX_THREADS + " " + what);
    }
    names.add(Fields.fresh(scope, Scope.Kind.THREAD, at, name));
  }

  private void thread(Node node, String name, Scope scope) {
    Fields fields = Fields.of(node, scope, "one of " + what);
    int count = (int) fields.number("count", 1, 1, MAX_THREADS);
    fields.written("workload", WorkloadSpec::schema);
    Node workload = fields.node("workload");
    fields.finish("one of " + what);
    @Nullable WorkloadSpec first =
        workload == null ? null : WorkloadSpec.parse(workload, scope, name, count);
    for (int i = 0; i < count; i++) {
      String each = fields.has("count") ? name + "-" + i : name;
      add(node, each, scope);
      if (first != null) {
        workloads.add(first.of(each, i));
      }
    }
  }
}
