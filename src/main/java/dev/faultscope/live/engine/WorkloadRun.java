package dev.faultscope.live.engine;

import dev.faultscope.linux.remote.RemoteThread;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.KvmAction;
import dev.faultscope.scenario.KvmSpec;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.scenario.Step;
import dev.faultscope.scenario.UffdSpec;
import dev.faultscope.scenario.Verdict;
import dev.faultscope.scenario.WorkloadSpec;
import dev.faultscope.timeline.Recorder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario's workloads on the real kernel: threads of the remote process access its memory,
 * handlers in this one answer.
 */
public final class WorkloadRun {
  private static final long NAP_NS = 100_000_000;

  /** How long a step's thread may sleep until it counts as blocked. */
  private static final long ANSWER_NS = 900_000_000;

  /** A thread that has met no page for this long has nobody to answer it. */
  private static final long STUCK_NS = 30_000_000_000L;

  /** Says in which order a workload meets pages. */
  @FunctionalInterface
  public interface Orders {
    /**
     * {@return page numbers within the memory; those of writes have {@link RemoteThread#WRITES}}
     *
     * @param pages size of the memory
     * @param seed of this thread's own random numbers
     * @throws IllegalArgumentException if the pages lie outside the memory
     */
    int[] of(WorkloadSpec workload, int pages, long seed);
  }

  private final Scenario scenario;
  private final long seed;
  private final Orders orders;
  private final List<Worker> workers = new ArrayList<>();

  private WorkloadRun(Scenario scenario, long seed, Orders orders) {
    this.scenario = scenario;
    this.seed = seed;
    this.orders = orders;
  }

  /**
   * Runs a scenario to its end.
   *
   * @throws IllegalStateException if this machine or this engine cannot run it; the message says
   *     why
   * @throws IOException if it fails on the way
   */
  public static RunReport run(Scenario scenario, long seed, Orders orders, Recorder recorder)
      throws IOException {
    return new WorkloadRun(scenario, seed, orders).run(recorder);
  }

  private RunReport run(Recorder recorder) throws IOException {
    try (ScriptProcess machine = new ScriptProcess();
        LiveEngine engine = new LiveEngine(machine)) {
      engine.prepare(scenario);
      ScenarioRunner.register(scenario, engine);
      Map<WorkloadSpec, int[]> orderOf = orders();
      KvmSpec kvm = scenario.kvm();
      long listed = orderOf.values().stream().mapToLong(pages -> pages.length).sum();
      try (LiveVm vm = kvm == null ? null : new LiveVm(engine, kvm, listed)) {
        Map<Integer, String> names = new HashMap<>();
        for (Map.Entry<WorkloadSpec, int[]> each : orderOf.entrySet()) {
          Worker worker = worker(each.getKey(), each.getValue(), engine, vm);
          workers.add(worker);
          names.put(worker.tid(), worker.name());
        }
        try (LiveHandlers handlers = new LiveHandlers(scenario, engine, names, recorder)) {
          handlers.start();
          return run(machine, engine, vm, handlers, recorder);
        }
      }
    }
  }

  private RunReport run(
      ScriptProcess machine,
      LiveEngine engine,
      @Nullable LiveVm vm,
      LiveHandlers handlers,
      Recorder recorder)
      throws IOException {
    long started = System.nanoTime();
    for (Worker worker : workers) {
      worker.begin();
    }
    awaitAll();
    long elapsed = System.nanoTime() - started;
    Verdict verdict = new Verdict(engine);
    for (Step step : scenario.steps()) {
      play(step, engine, vm, verdict);
    }
    RunReport.Expectations expectations = RunReport.Expectations.of(verdict.report());
    // The handlers end with the process they serve, and count nothing that nobody asked for.
    machine.close();
    List<LiveSummary> summaries = handlers.awaitEnd();
    return report(summaries, recorder.lastSequence(), elapsed, expectations);
  }

  /** The script comes when the workloads are done; the handlers answer it as well. */
  private static void play(Step step, LiveEngine engine, @Nullable LiveVm vm, Verdict verdict)
      throws IOException {
    try {
      verdict.check(step, perform(step.action(), engine, vm));
    } catch (IllegalStateException impossible) {
      verdict.impossible(step, String.valueOf(impossible.getMessage()));
    }
  }

  private static Observation perform(Action action, LiveEngine engine, @Nullable LiveVm vm)
      throws IOException {
    if (vm != null && action instanceof KvmAction.GuestTouch touch) {
      return vm.touch(touch);
    }
    Observation seen = engine.perform(action);
    if (!(action instanceof Action.OfThread of) || action instanceof Action.Look) {
      return seen;
    }
    engine.thread(of.thread()).awaitDone(ANSWER_NS);
    return engine.perform(new Action.Look(of.thread()));
  }

  private Map<WorkloadSpec, int[]> orders() {
    Map<WorkloadSpec, int[]> orderOf = new LinkedHashMap<>();
    long itsSeed = seed;
    for (WorkloadSpec spec : scenario.workloads()) {
      if (spec.settings().number("think") != 0 || spec.settings().number("start") != 0) {
        throw new IllegalStateException(
            spec.actor() + " has think or start, which only simulated time has");
      }
      try {
        orderOf.put(spec, orders.of(spec, memory(spec).pages(), itsSeed++));
      } catch (IllegalArgumentException impossible) {
        throw new IllegalStateException(impossible.getMessage(), impossible);
      }
    }
    return orderOf;
  }

  private MemorySpec memory(WorkloadSpec spec) {
    return scenario.memory().stream()
        .filter(each -> each.name().equals(spec.memory()))
        .findFirst()
        .orElseThrow();
  }

  private Worker worker(WorkloadSpec spec, int[] pages, LiveEngine engine, @Nullable LiveVm vm)
      throws IOException {
    RemoteThread thread = engine.thread(spec.actor());
    boolean isVcpu = scenario.vcpus().stream().anyMatch(each -> each.name().equals(spec.actor()));
    Worker.Sweep sweep =
        vm != null && isVcpu
            ? Worker.byGuest(vm.add(spec.actor()), vm.guestAddress(spec.memory()), pages)
            : Worker.byThread(
                thread, engine.address(spec.memory()), engine.order(pages), pages.length);
    return new Worker(spec.actor(), thread, sweep, content(memory(spec)).sumOver(pages));
  }

  /** What a thread must see in the first word of every page, whoever put it there. */
  private Content content(MemorySpec memory) {
    String own = memory.of() == null ? memory.name() : memory.of();
    MemorySpec file =
        scenario.memory().stream()
            .filter(each -> each.name().equals(own))
            .findFirst()
            .orElseThrow();
    boolean filled = file.backing() != Backing.ANON && file.fill() != MemorySpec.ABSENT;
    boolean handled =
        scenario.handlers().stream().anyMatch(each -> each.serves(memory.name()))
            && scenario.uffds().stream()
                .flatMap(each -> each.registrations().stream())
                .anyMatch(
                    each ->
                        each.memory().equals(memory.name())
                            && (each.modes() & Region.MISSING) != 0);
    return page ->
        filled
            ? file.fillOf(memory.filePage() + page)
            : handled ? page % MemorySpec.PATTERN_MODULUS : 0;
  }

  /** The byte that fills a page. */
  @FunctionalInterface
  private interface Content {
    long EVERY_BYTE = 0x0101_0101_0101_0101L;

    int of(int page);

    default long sumOver(int[] pages) {
      long sum = 0;
      for (int page : pages) {
        sum += of(page & ~RemoteThread.WRITES) * EVERY_BYTE;
      }
      return sum;
    }
  }

  private void awaitAll() throws IOException {
    long lastMet = -1;
    long metAt = System.nanoTime();
    for (Worker worker : workers) {
      while (!worker.awaitDone(NAP_NS)) {
        long met = workers.stream().mapToLong(Worker::met).sum();
        if (met != lastMet) {
          lastMet = met;
          metAt = System.nanoTime();
        } else if (System.nanoTime() - metAt > STUCK_NS) {
          throw new IOException(
              worker.name() + " sleeps in a fault that no handler has answered for 30 s");
        }
      }
      worker.end();
    }
  }

  private RunReport report(
      List<LiveSummary> summaries,
      long events,
      long elapsedNs,
      RunReport.Expectations expectations) {
    long missing = 0;
    long minor = 0;
    long protect = 0;
    long messages = 0;
    Map<String, Map<String, Long>> ioctls = new TreeMap<>();
    for (UffdSpec uffd : scenario.uffds()) {
      add(ioctls, UffdIoctl.API.name(), uffd.handshake() ? 1 : 0);
      add(ioctls, UffdIoctl.REGISTER.name(), uffd.registrations().size());
    }
    for (LiveSummary summary : summaries) {
      missing += summary.messages().getOrDefault("fault missing", 0L);
      minor += summary.messages().getOrDefault("fault minor", 0L);
      protect += summary.messages().getOrDefault("fault write-protect", 0L);
      messages += summary.messages().values().stream().mapToLong(Long::longValue).sum();
      summary.ioctls().forEach((call, count) -> add(ioctls, call, count));
    }
    Map<String, Long> stalls = new LinkedHashMap<>();
    workers.forEach(worker -> stalls.put(worker.name(), worker.stallNs()));
    return new RunReport(
        Scenario.LIVE,
        seed,
        events,
        new RunReport.Faults(missing, minor, protect, 0, 0),
        messages,
        ioctls,
        stalls,
        elapsedNs,
        expectations);
  }

  /** {@code COPY} or {@code COPY EEXIST}. */
  private static void add(Map<String, Map<String, Long>> ioctls, String call, long count) {
    if (count == 0) {
      return;
    }
    String[] parts = call.split(" ", 2);
    ioctls
        .computeIfAbsent(parts[0], name -> new TreeMap<>())
        .merge(parts.length == 1 ? "ok" : parts[1], count, Long::sum);
  }
}
