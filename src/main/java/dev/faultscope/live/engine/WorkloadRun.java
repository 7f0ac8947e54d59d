package dev.faultscope.live.engine;

import dev.faultscope.linux.remote.RemoteThread;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.RunReports;
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
import dev.faultscope.workload.Accesses;
import dev.faultscope.workload.Recordings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
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

  /** What a worker's list of pages has room for. */
  private static final int MOST_ACCESSES = 1 << 26;

  private final Scenario scenario;
  private final long seed;
  private final Recordings recordings;
  private final BooleanSupplier isStopped;
  private final List<Worker> workers = new ArrayList<>();

  private WorkloadRun(
      Scenario scenario, long seed, Recordings recordings, BooleanSupplier isStopped) {
    this.scenario = scenario;
    this.seed = seed;
    this.recordings = recordings;
    this.isStopped = isStopped;
  }

  /**
   * Runs a scenario to its end.
   *
   * @param seed of the run: the same gives the same accesses as in a simulation
   * @param recordings finds the recordings that workloads and policies name
   * @param isStopped asked a few times a second whether to end now
   * @throws RunStoppedException if it was
   * @throws IllegalStateException if this machine or this engine cannot run it; the message says
   *     why
   * @throws IOException if it fails on the way
   */
  public static RunReport run(
      Scenario scenario,
      long seed,
      Recordings recordings,
      Recorder recorder,
      BooleanSupplier isStopped)
      throws IOException {
    return new WorkloadRun(scenario, seed, recordings, isStopped).run(recorder);
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
        try (LiveHandlers handlers =
            new LiveHandlers(scenario, seed, recordings, engine, names, recorder)) {
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
    handlers.begin();
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
    long[] seeds = scenario.workloadSeeds(new SplittableRandom(seed));
    for (int i = 0; i < seeds.length; i++) {
      WorkloadSpec spec = scenario.workloads().get(i);
      if (spec.settings().number("think") != 0 || spec.settings().number("start") != 0) {
        throw new IllegalStateException(
            "%s has think or start, which only simulated time has: leave them away"
                .formatted(spec.actor()));
      }
      try {
        orderOf.put(spec, order(spec, seeds[i]));
      } catch (IllegalArgumentException impossible) {
        throw new IllegalStateException(impossible.getMessage(), impossible);
      }
    }
    return orderOf;
  }

  /** Page numbers within the memory; those of writes have {@link RemoteThread#WRITES}. */
  private int[] order(WorkloadSpec spec, long itsSeed) {
    Accesses accesses = spec.accesses(scenario.memoryOf(spec).pages(), itsSeed, recordings);
    int[] order = new int[1024];
    int count = 0;
    while (accesses.advance()) {
      if (count == MOST_ACCESSES) {
        throw new IllegalArgumentException(
            spec.actor() + " makes more than " + MOST_ACCESSES + " accesses");
      }
      if (count == order.length) {
        order = Arrays.copyOf(order, 2 * count);
      }
      order[count++] = accesses.page() | (accesses.isWrite() ? RemoteThread.WRITES : 0);
    }
    return Arrays.copyOf(order, count);
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
    return new Worker(spec.actor(), thread, sweep, content(scenario.memoryOf(spec)).sumOver(pages));
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
        if (isStopped.getAsBoolean()) {
          throw new RunStoppedException();
        }
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
    Map<String, Map<String, Long>> ioctls = new TreeMap<>();
    for (UffdSpec uffd : scenario.uffds()) {
      if (uffd.handshake()) {
        ioctls
            .computeIfAbsent(UffdIoctl.API.name(), _ -> new TreeMap<>())
            .merge("ok", 1L, Long::sum);
      }
      if (!uffd.registrations().isEmpty()) {
        ioctls
            .computeIfAbsent(UffdIoctl.REGISTER.name(), _ -> new TreeMap<>())
            .merge("ok", (long) uffd.registrations().size(), Long::sum);
      }
    }
    Map<String, Long> stalls = new LinkedHashMap<>();
    workers.forEach(worker -> stalls.put(worker.name(), worker.stallNs()));
    return RunReports.of(seed, summaries, ioctls, events, stalls, elapsedNs, expectations);
  }
}
