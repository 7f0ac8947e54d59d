package dev.faultscope.scenario;

import dev.faultscope.model.UffdIoctl;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the userfaultfds of a scenario. */
final class UffdsParser {
  private static final int MAX_SPLIT = 256;
  private static final int MAX_UFFDS = 1024;
  private static final long NONBLOCK_CLOEXEC = 0x80800;

  private final Scope scope;
  private final List<MemorySpec> memory;
  private final List<UffdSpec> uffds = new ArrayList<>();

  private UffdsParser(Scope scope, List<MemorySpec> memory) {
    this.scope = scope;
    this.memory = memory;
  }

  static List<UffdSpec> parse(@Nullable Node node, Scope scope, List<MemorySpec> memory) {
    UffdsParser parser = new UffdsParser(scope, memory);
    if (node != null) {
      Fields all = Fields.of(node, scope, "uffds");
      for (String name : all.names()) {
        parser.uffd(all.requiredNode(name), name);
      }
    }
    return parser.uffds;
  }

  private void uffd(Node node, String name) {
    Fields f = Fields.of(node, scope, "a userfaultfd");
    long flags = f.bits("flags", Bits.UFFD_FLAGS, NONBLOCK_CLOEXEC);
    if ((flags & ~Bits.all(Bits.UFFD_FLAGS)) != 0) {
      throw f.errorAt("flags", "userfaultfd(2) knows no such flags; a step \"open\" may try them");
    }
    long features = f.bits("features", Bits.FEATURES, 0);
    boolean handshake = f.flag("handshake", true);
    int split = (int) f.number("split", 1, 1, MAX_SPLIT);
    Node register = f.node("register");
    f.finish("a userfaultfd");
    if (uffds.size() + split > MAX_UFFDS) {
      throw YamlTree.error(node, "there are more than " + MAX_UFFDS + " userfaultfds");
    }
    for (int i = 0; i < split; i++) {
      String each = f.has("split") ? name + "-" + i : name;
      uffds.add(
          new UffdSpec(
              f.fresh(Scope.Kind.UFFD, node, each),
              name,
              flags,
              features,
              handshake,
              register == null ? List.of() : registrations(register, i, split)));
    }
  }

  private List<UffdSpec.Registration> registrations(Node node, int part, int parts) {
    List<UffdSpec.Registration> all = new ArrayList<>();
    Fields f = Fields.of(node, scope, "register");
    for (String name : f.names()) {
      f.known(Scope.Kind.MEMORY, f.requiredNode(name), name);
      MemorySpec of = memory.stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
      long modes = f.bits(name, Bits.modesOf(UffdIoctl.REGISTER), 0);
      int unit = of.unitPages();
      int units = of.pages() / unit;
      int first = (int) ((long) units * part / parts) * unit;
      int end = (int) ((long) units * (part + 1) / parts) * unit;
      if (end == first) {
        throw f.errorAt(name, name + " cannot be split among " + parts + " userfaultfds");
      }
      all.add(new UffdSpec.Registration(name, first, end - first, modes));
    }
    return all;
  }
}
