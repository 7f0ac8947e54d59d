package dev.faultscope.scenario;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the handlers of a scenario. */
final class HandlerParser {
  /** What a fault's queue can hold at once in one read(2). */
  private static final int MAX_MESSAGES = 64;

  private HandlerParser() {}

  static List<HandlerSpec> parse(@Nullable Node node, List<UffdSpec> uffds, Scope scope) {
    List<HandlerSpec> handlers = new ArrayList<>();
    if (node == null) {
      return handlers;
    }
    Fields all = Fields.of(node, scope, "handlers");
    for (String name : all.names()) {
      handlers.add(handler(all, name, uffds, scope));
    }
    return handlers;
  }

  private static HandlerSpec handler(Fields all, String name, List<UffdSpec> uffds, Scope scope) {
    Fields f = Fields.of(all.requiredNode(name), scope, "a handler");
    String fresh = f.fresh(Scope.Kind.HANDLER, all.requiredNode(name), name);
    String uffd = f.knownOrOnly(Scope.Kind.UFFD, "uffd");
    Node policy = f.node("policy");
    Node source = f.node("source");
    Node memory = f.node("memory");
    HandlerSpec spec =
        new HandlerSpec(
            fresh,
            uffd,
            policy == null ? PolicySpec.of(PolicyKind.ON_DEMAND) : PolicySpec.parse(policy, scope),
            (int) f.number("readers", 1, 1, HandlerSpec.MAX_READERS),
            (int) f.number("messages", 1, 1, MAX_MESSAGES),
            f.flag("spin"),
            source == null ? SourceSpec.of(SourceKind.PAGE_CACHE) : SourceSpec.parse(source, scope),
            memory == null ? registeredWith(uffds, uffd) : f.allKnown(Scope.Kind.MEMORY, memory));
    f.finish("a handler");
    if (spec.memory().isEmpty()) {
      throw f.error(
          "userfaultfd \""
              + uffd
              + "\" registers no memory at the start: say which \"memory\" it"
              + " fills");
    }
    return spec;
  }

  private static List<String> registeredWith(List<UffdSpec> uffds, String name) {
    return uffds.stream()
        .filter(uffd -> uffd.name().equals(name))
        .flatMap(uffd -> uffd.registrations().stream())
        .map(UffdSpec.Registration::memory)
        .toList();
  }
}
