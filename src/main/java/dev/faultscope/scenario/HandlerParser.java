package dev.faultscope.scenario;

import dev.faultscope.policy.Policies;
import dev.faultscope.policy.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the handlers of a scenario. */
final class HandlerParser {
  /** What a fault's queue can hold at once in one read(2). */
  private static final int MAX_MESSAGES = 64;

  private static final String KVM_USERFAULT = "kvm-userfault";
  private static final int MAX_AROUND = 65_536;
  private static final int MAX_HANDLERS = 1024;

  private final List<UffdSpec> uffds;
  private final List<MemorySpec> memory;
  private final List<HandlerSpec> handlers = new ArrayList<>();
  private @Nullable ExitHandlerSpec exits;

  private HandlerParser(List<UffdSpec> uffds, List<MemorySpec> memory) {
    this.uffds = uffds;
    this.memory = memory;
  }

  static HandlerParser parse(
      @Nullable Node node, List<UffdSpec> uffds, List<MemorySpec> memory, Scope scope) {
    HandlerParser parser = new HandlerParser(uffds, memory);
    if (node != null) {
      Fields all = Fields.of(node, scope, "handlers");
      for (String name : all.names()) {
        Fields f = Fields.of(all.requiredNode(name), scope, "a handler");
        if (f.has("exits")) {
          parser.exits(f, name, all);
        } else {
          parser.handler(f, name, all);
        }
      }
    }
    return parser;
  }

  /** {@return those of userfaultfds} */
  List<HandlerSpec> handlers() {
    return handlers;
  }

  /** {@return the one of vCPUs' exits, null for none} */
  @Nullable ExitHandlerSpec exits() {
    return exits;
  }

  private void exits(Fields f, String name, Fields all) {
    if (exits != null) {
      throw all.errorAtKey(name, "there is a handler of exits already: " + exits.name());
    }
    f.written("exits", Schema.words(List.of(KVM_USERFAULT)));
    if (!f.text("exits").equals(KVM_USERFAULT)) {
      throw f.errorAt("exits", "a handler's \"exits\" are " + KVM_USERFAULT);
    }
    f.written("source", SourceSpec::schema);
    Node source = f.node("source");
    exits =
        new ExitHandlerSpec(
            f.fresh(Scope.Kind.HANDLER, all.requiredNode(name), name),
            (int) f.number("before", 0, 0, MAX_AROUND),
            (int) f.number("after", 0, 0, MAX_AROUND),
            source(source, f.scope()));
    f.finish("a handler of exits");
  }

  private static SourceSpec source(@Nullable Node node, Scope scope) {
    return node == null ? SourceSpec.of(SourceKind.PAGE_CACHE) : SourceSpec.parse(node, scope);
  }

  private void handler(Fields f, String name, Fields all) {
    Node at = all.requiredNode(name);
    List<UffdSpec> served = served(f);
    f.written("policy", PolicyParser::schema);
    f.written("source", SourceSpec::schema);
    f.written("memory", new Schema.Items(Schema.name(Scope.Kind.MEMORY)));
    f.written("uffd", Schema.name(Scope.Kind.UFFD));
    Node policy = f.node("policy");
    PolicySpec policySpec =
        policy == null ? Policies.usual() : PolicyParser.parse(policy, f.scope());
    int readers = (int) f.number("readers", 1, 1, HandlerSpec.MAX_READERS);
    int messages = (int) f.number("messages", 1, 1, MAX_MESSAGES);
    boolean spins = f.flag("spin");
    Node source = f.node("source");
    SourceSpec sourceSpec = source(source, f.scope());
    Node names = f.node("memory");
    f.finish("a handler");
    if (handlers.size() + served.size() > MAX_HANDLERS) {
      throw all.errorAtKey(
          name, "there are more than " + MAX_HANDLERS + " handlers, one for each userfaultfd");
    }
    for (int i = 0; i < served.size(); i++) {
      UffdSpec uffd = served.get(i);
      List<HandlerSpec.Part> parts = names == null ? registered(uffd) : whole(f, names, uffd);
      if (parts.isEmpty()) {
        throw f.error(
            "userfaultfd \""
                + uffd.name()
                + "\" registers no memory at the start: say which \"memory\" it fills");
      }
      String each = uffd.name().equals(uffd.group()) ? name : name + "-" + i;
      handlers.add(
          new HandlerSpec(
              f.fresh(Scope.Kind.HANDLER, at, each),
              uffd.name(),
              policySpec,
              readers,
              messages,
              spins,
              sourceSpec,
              parts));
    }
  }

  /** One userfaultfd, or all that one entry of the file makes. */
  private List<UffdSpec> served(Fields f) {
    Node node = f.node("uffd");
    List<String> groups = uffds.stream().map(UffdSpec::group).distinct().toList();
    if (node == null && groups.size() == 1) {
      return uffds;
    }
    String name = Fields.scalar(f.requiredNode("uffd"));
    List<UffdSpec> served =
        uffds.stream().filter(u -> u.name().equals(name) || u.group().equals(name)).toList();
    if (served.isEmpty()) {
      throw f.errorAt(
          "uffd",
          "no userfaultfd is called \"" + name + "\"; there is " + String.join(", ", groups));
    }
    return served;
  }

  private static List<HandlerSpec.Part> registered(UffdSpec uffd) {
    return uffd.registrations().stream()
        .map(each -> new HandlerSpec.Part(each.memory(), each.first(), each.pages(), each.modes()))
        .toList();
  }

  private List<HandlerSpec.Part> whole(Fields f, Node names, UffdSpec uffd) {
    List<HandlerSpec.Part> parts = new ArrayList<>();
    for (String name : f.allKnown(Scope.Kind.MEMORY, names)) {
      MemorySpec of = memory.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
      long modes =
          uffd.registrations().stream()
              .filter(each -> each.memory().equals(name))
              .mapToLong(UffdSpec.Registration::modes)
              .findFirst()
              .orElse(0);
      parts.add(new HandlerSpec.Part(name, 0, of.pages(), modes));
    }
    return parts;
  }
}
