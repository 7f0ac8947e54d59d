package dev.faultscope.scenario;

import dev.faultscope.model.Backing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a scenario file (docs/scenario-format.md). Everything it accepts can be run: names are
 * known, bounds hold.
 */
public final class ScenarioParser {
  /** Most steps of a script, its loops unrolled. */
  public static final int MAX_STEPS = 20_000;

  private static final int MAX_PAGES = 1 << 22;
  private static final int MAX_TOTAL_PAGES = 1 << 23;
  private static final int MAX_LOOP = 10_000;

  /** Most turns of all loops together, of those around nothing too. */
  private static final int MAX_TURNS = 100_000;

  private static final Map<String, ActionParser> ACTIONS = new HashMap<>();

  static {
    UffdActions.addTo(ACTIONS);
    MemoryActions.addTo(ACTIONS);
    RunActions.addTo(ACTIONS);
    KvmActions.addTo(ACTIONS);
  }

  private static final Map<String, Backing> BACKINGS = new LinkedHashMap<>();

  static {
    BACKINGS.put("anon", Backing.ANON);
    BACKINGS.put("memfd", Backing.MEMFD);
    BACKINGS.put("hugetlb", Backing.HUGETLB);
    BACKINGS.put("guest_memfd", Backing.GUEST_MEMFD);
    BACKINGS.put("file", Backing.FILE);
  }

  private final Scope scope;
  private final List<Step> steps = new ArrayList<>();
  private final List<MemorySpec> memory = new ArrayList<>();
  private int turns;

  private ScenarioParser(Scope scope) {
    this.scope = scope;
  }

  /**
   * {@return the scenario of a file}
   *
   * @throws ScenarioException if it is none, with line and column
   */
  public static Scenario parse(String text) {
    return parse(text, Map.of());
  }

  /**
   * {@return the scenario of a file with some of its values set from outside}
   *
   * @param set values by their path of names, as {@code handlers.h.readers} or {@code costs.wake}
   * @throws ScenarioException if it is none, with line and column
   */
  public static Scenario parse(String text, Map<String, String> set) {
    try {
      return with(text, set);
    } catch (ScenarioException wrong) {
      throw set.isEmpty() ? wrong : blamed(text, set, wrong);
    }
  }

  private static Scenario with(String text, Map<String, String> set) {
    MappingNode root = YamlTree.read(text);
    Overrides.apply(root, set);
    return parse(root, new Scope());
  }

  /** Names the value that is wrong: a place in the text would be that of something else. */
  private static ScenarioException blamed(
      String text, Map<String, String> set, ScenarioException wrong) {
    try {
      with(text, Map.of());
    } catch (ScenarioException alone) {
      return alone;
    }
    for (Map.Entry<String, String> each : new TreeMap<>(set).entrySet()) {
      try {
        with(text, Map.of(each.getKey(), each.getValue()));
      } catch (ScenarioException its) {
        return ScenarioException.ofSet(each.getKey() + "=" + each.getValue(), its);
      }
    }
    return ScenarioException.ofSet("these values together", wrong);
  }

  static Scenario parse(MappingNode root, Scope scope) {
    return new ScenarioParser(scope).scenario(new Fields(root, scope));
  }

  /** {@return the names of all actions, in alphabetical order} */
  static List<String> actions() {
    return ACTIONS.keySet().stream().sorted().toList();
  }

  private Scenario scenario(Fields root) {
    String title = root.text("title");
    String about = root.text("about", "");
    String group = root.text("group", "");
    String beside = root.text("beside", "");
    Set<String> engines = new LinkedHashSet<>();
    root.written(
        "engines", new Schema.Items(Schema.words(List.of(Scenario.SIMULATION, Scenario.LIVE))));
    for (Node each : root.list("engines")) {
      String name = Fields.scalar(each);
      if (!name.equals(Scenario.SIMULATION) && !name.equals(Scenario.LIVE)) {
        throw YamlTree.error(each, "an engine is simulation or live, not \"" + name + "\"");
      }
      engines.add(name);
    }
    if (engines.isEmpty()) {
      engines.add(Scenario.SIMULATION);
    }
    long seed = root.number("seed", 1, 0, Long.MAX_VALUE);
    KernelSpec kernel = kernel(root.node("kernel"));
    memory(root.node("memory"));
    List<UffdSpec> uffds = UffdsParser.parse(root.node("uffds"), scope, memory);
    @Nullable KvmSpec kvm = kvm(root.node("kvm"));
    ThreadsParser vcpus = vcpus(root.node("vcpus"), kvm);
    ThreadsParser threads = ThreadsParser.parse(root.node("threads"), scope, "threads");
    HandlerParser handlers = HandlerParser.parse(root.node("handlers"), uffds, memory, scope);
    Node costs = root.node("costs");
    root.written("steps", new Schema.Steps());
    for (Node each : root.list("steps")) {
      step(each);
    }
    root.finish("a scenario");
    return new Scenario(
        title,
        about,
        group,
        beside,
        engines,
        seed,
        kernel,
        memory,
        uffds,
        kvm,
        vcpus.names().stream().map(VcpuSpec::new).toList(),
        threads.names(),
        steps,
        Stream.concat(vcpus.workloads().stream(), threads.workloads().stream()).toList(),
        handlers.handlers(),
        handlers.exits(),
        costs == null ? Costs.DEFAULTS : Costs.parse(Fields.of(costs, scope, "costs")));
  }

  private KernelSpec kernel(@Nullable Node node) {
    if (node == null) {
      return KernelSpec.MAINLINE;
    }
    Fields fields = Fields.of(node, scope, "kernel");
    KernelSpec spec =
        new KernelSpec(
            fields.choice(
                "guest-memfd", KernelSpec.GuestMemfd.class, KernelSpec.GuestMemfd.MAINLINE),
            fields.flag("generic-continue"),
            (int) fields.number("fault-around", 16, 1, 512),
            fields.flag("folio-lock"));
    if (Integer.bitCount(spec.faultAroundPages()) != 1) {
      throw fields.errorAt("fault-around", "\"fault-around\" is a power of two");
    }
    fields.finish("kernel");
    return spec;
  }

  private void memory(@Nullable Node node) {
    if (node == null) {
      return;
    }
    Fields all = Fields.of(node, scope, "memory");
    long total = 0;
    for (String name : all.names()) {
      MemorySpec spec = mapping(all, name);
      memory.add(spec);
      total += spec.of() == null ? Math.max(spec.pages(), spec.filePages()) : spec.pages();
      if (total > MAX_TOTAL_PAGES) {
        throw all.errorAtKey(
            name, "all memory and files together have more than " + MAX_TOTAL_PAGES + " pages");
      }
    }
  }

  private MemorySpec mapping(Fields all, String name) {
    Fields f = Fields.of(all.requiredNode(name), scope, "a mapping");
    @Nullable MemorySpec of = null;
    f.written("of", Schema.name(Scope.Kind.MEMORY));
    if (f.has("of")) {
      String other = f.known(Scope.Kind.MEMORY, "of");
      of = memory.stream().filter(m -> m.name().equals(other)).findFirst().orElseThrow();
      if (of.backing() == Backing.ANON) {
        throw f.errorAt("of", "\"" + other + "\" is anonymous: it has no file to map again");
      }
    }
    Backing backing = of != null ? of.backing() : f.choice("backing", BACKINGS);
    int pages =
        of != null
            ? (int) f.number("pages", of.pages(), 1, MAX_PAGES)
            : (int) f.number("pages", 1, MAX_PAGES);
    if (backing == Backing.HUGETLB && pages % 512 != 0) {
      throw f.errorAt("pages", "hugetlb comes in 512 pages of 4 KiB");
    }
    MemorySpec spec =
        new MemorySpec(
            f.fresh(Scope.Kind.MEMORY, all.requiredNode(name), name),
            backing,
            pages,
            of == null ? null : of.name(),
            f.number("file-page", 0, 0, MAX_PAGES),
            (int) f.number("file-pages", pages, 0, MAX_PAGES),
            fill(f),
            f.flag("private"),
            f.flag("read-only-file"),
            f.flag("init-shared", true),
            f.number("gpa", -1, 0, 1L << 52));
    f.finish("a mapping");
    return spec;
  }

  private static int fill(Fields f) {
    f.written("fill", Schema.number(0, 255).or(List.of("pattern")));
    Node node = f.node("fill");
    if (node == null) {
      return MemorySpec.ABSENT;
    }
    return Fields.scalar(node).equals("pattern")
        ? MemorySpec.PATTERN
        : (int) f.number("fill", 0, 255);
  }

  private @Nullable KvmSpec kvm(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    Map<String, MemorySpec> byName = new HashMap<>();
    memory.forEach(spec -> byName.put(spec.name(), spec));
    return KvmSection.parse(Fields.of(node, scope, "kvm"), scope, byName);
  }

  private ThreadsParser vcpus(@Nullable Node node, @Nullable KvmSpec kvm) {
    if (node != null && kvm == null) {
      throw YamlTree.error(node, "vCPUs need a virtual machine: write a section \"kvm\"");
    }
    ThreadsParser vcpus = ThreadsParser.parse(node, scope, "vCPUs");
    vcpus.names().forEach(name -> scope.add(Scope.Kind.VCPU, name));
    return vcpus;
  }

  private void step(Node node) {
    Fields fields = Fields.of(node, scope, "a step");
    @Nullable String name = null;
    for (String each : fields.names()) {
      if (each.equals("expect")) {
        continue;
      }
      if (name != null) {
        throw fields.errorAtKey(each, "a step does one thing, this one \"" + name + "\" already");
      }
      name = each;
    }
    if (name == null) {
      throw fields.error("a step says what it does, for example {poll: {uffd: u}}");
    }
    if (name.equals("repeat")) {
      repeat(Fields.of(fields.requiredNode(name), scope, "repeat"));
      return;
    }
    ActionParser parser = ACTIONS.get(name);
    if (parser == null) {
      throw fields.errorAtKey(
          name,
          "no action is called \""
              + name
              + "\"; there is "
              + String.join(", ", new TreeSet<>(ACTIONS.keySet()))
              + ", repeat");
    }
    if (steps.size() == MAX_STEPS) {
      throw fields.error("the script has more than " + MAX_STEPS + " steps");
    }
    Fields arguments = arguments(fields.requiredNode(name), name);
    Action action = parser.parse(arguments);
    arguments.finish("\"" + name + "\"");
    int line = YamlTree.line(node);
    Expected expected = ExpectationParser.parse(fields.node("expect"), action, line, scope);
    steps.add(new Step(line, name, action, expected));
  }

  /**
   * {@code {poll: u}} is short for {@code {poll: {uffd: u}}}, {@code {thread: t}} for {@code
   * {thread: {name: t}}}.
   */
  private Fields arguments(Node node, String action) {
    if (!(node instanceof ScalarNode scalar)) {
      return Fields.of(node, scope, "\"" + action + "\"");
    }
    String key = shorthand(action);
    ScalarNode name =
        new ScalarNode(
            Tag.STR, key, node.getStartMark(), node.getEndMark(), DumperOptions.ScalarStyle.PLAIN);
    return new Fields(
        new MappingNode(
            Tag.MAP,
            true,
            List.of(new NodeTuple(name, scalar)),
            node.getStartMark(),
            node.getEndMark(),
            DumperOptions.FlowStyle.FLOW),
        scope);
  }

  /** {@return the argument that a single value in place of an action's arguments is} */
  static String shorthand(String action) {
    return switch (action) {
      case "thread" -> "name";
      case "wait" -> "time";
      case "kill" -> "handler";
      case "signal", "exit" -> "thread";
      case "kvm-run", "translate" -> "vcpu";
      case "poll", "read", "message", "close", "open", "api" -> "uffd";
      default -> "at";
    };
  }

  private void repeat(Fields fields) {
    fields.written("steps", new Schema.Steps());
    String variable = fields.text("as", "i").toLowerCase(Locale.ROOT);
    long from = fields.number("from", 0, 0, MAX_LOOP);
    long times = fields.number("times", 1, MAX_LOOP);
    List<Node> body = fields.list("steps");
    fields.finish("repeat");
    if (scope.variables().containsKey(variable)) {
      throw fields.error("\"" + variable + "\" is the variable of a loop around this one");
    }
    for (long value = from; value < from + times; value++) {
      if (++turns > MAX_TURNS) {
        throw fields.error("all loops together have more than " + MAX_TURNS + " turns");
      }
      scope.variables().put(variable, value);
      for (Node each : body) {
        step(each);
      }
    }
    scope.variables().remove(variable);
  }
}
