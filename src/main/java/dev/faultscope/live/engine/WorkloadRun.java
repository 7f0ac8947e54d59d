package dev.faultscope.live.engine;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.linux.remote.RemoteThread;
import dev.faultscope.live.handler.LiveOptions;
import dev.faultscope.live.handler.LiveSummary;
import dev.faultscope.live.handler.RunReports;
import dev.faultscope.model.Backing;
import dev.faultscope.model.Errno;
import dev.faultscope.model.Region;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.KernelSpec;
import dev.faultscope.scenario.KvmAction;
import dev.faultscope.scenario.KvmSpec;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.scenario.Span;
import dev.faultscope.scenario.Step;
import dev.faultscope.scenario.UffdSpec;
import dev.faultscope.scenario.Verdict;
import dev.faultscope.scenario.WorkloadSpec;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.workload.Accesses;
import dev.faultscope.workload.Recordings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario's workloads on the real kernel: threads of the remote process access its memory,
 * handlers in this one answer.
 */
public final class WorkloadRun implements AutoCloseable {
  private static final long NAP_NS = 100_000_000;

  /** How long a step's thread may sleep until it counts as blocked. */
  private static final long ANSWER_NS = 900_000_000;

  /** A thread that has met no page for this long has nobody to answer it. */
  private static final long STUCK_NS = 30_000_000_000L;

  /** What a worker's list of pages has room for. */
  private static final int MOST_ACCESSES = 1 << 26;

  /** How long a call by a person's hand may take before it counts as asleep. */
  private static final long HAND_NS = 300_000_000;

  /** FALLOC_FL_PUNCH_HOLE with FALLOC_FL_KEEP_SIZE. */
  private static final int PUNCH_HOLE = 3;

  private static final int WRITTEN = 0xff;

  private final Scenario scenario;
  private final long seed;
  private final Recordings recordings;
  private final Recorder recorder;
  private final List<Worker> workers = new ArrayList<>();
  private final Map<Integer, String> names = new ConcurrentHashMap<>();
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final ScriptProcess machine;
  private final LiveEngine engine;
  private final @Nullable LiveVm vm;
  private final LiveHandlers handlers;
  private final BooleanSupplier isStopped;
  private volatile boolean stopRequested;
  private boolean brokenOff;
  private long elapsedNs;
  private int strangers;

  private WorkloadRun(
      Scenario scenario,
      long seed,
      Recordings recordings,
      Recorder recorder,
      Duration watchdog,
      BooleanSupplier isStopped)
      throws IOException {
    this.isStopped = isStopped;
    this.scenario = scenario;
    this.seed = seed;
    this.recordings = recordings;
    this.recorder = recorder;
    try {
      machine = owned(new ScriptProcess());
      engine = owned(new LiveEngine(machine));
      engine.prepare(scenario);
      ScenarioRunner.register(scenario, engine);
      Map<WorkloadSpec, int[]> orderOf = orders();
      KvmSpec kvm = scenario.kvm();
      long listed = orderOf.values().stream().mapToLong(pages -> pages.length).sum();
      vm = kvm == null ? null : owned(new LiveVm(engine, kvm, listed));
      for (Map.Entry<WorkloadSpec, int[]> each : orderOf.entrySet()) {
        Worker worker = worker(each.getKey(), each.getValue());
        workers.add(worker);
        names.put(worker.tid(), worker.name());
      }
      handlers =
          owned(new LiveHandlers(scenario, seed, recordings, engine, names, recorder, watchdog));
      handlers.start();
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  private <T extends AutoCloseable> T owned(T one) {
    owned.push(one);
    return one;
  }

  /**
   * {@return why a scenario cannot run on a real kernel, empty where nothing it says speaks against
   * it}
   */
  public static Optional<String> whyNot(Scenario scenario) {
    try {
      if (!scenario.kernel().equals(KernelSpec.MAINLINE)) {
        throw new IllegalStateException(
            "it wants another kernel than the one that runs here: " + scenario.kernel());
      }
      scenario.handlers().forEach(LiveHandlers::check);
      scenario.workloads().forEach(WorkloadRun::check);
      return Optional.empty();
    } catch (IllegalStateException unfit) {
      return Optional.ofNullable(unfit.getMessage());
    }
  }

  /**
   * Makes everything ready: the process, its memory, its threads and the handlers, which wait.
   *
   * @param seed of the run: the same gives the same accesses as in a simulation
   * @param recordings finds the recordings that workloads and policies name
   * @param watchdog how long a fault may be held
   * @throws IllegalStateException if this machine or this engine cannot run it; the message says
   *     why
   * @throws IOException if it fails on the way
   */
  public static WorkloadRun prepare(
      Scenario scenario, long seed, Recordings recordings, Recorder recorder, Duration watchdog)
      throws IOException {
    return new WorkloadRun(scenario, seed, recordings, recorder, watchdog, () -> false);
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
   * @throws IOException if it fails on the way, or a thread read wrong bytes
   */
  public static RunReport run(
      Scenario scenario,
      long seed,
      Recordings recordings,
      Recorder recorder,
      BooleanSupplier isStopped)
      throws IOException {
    try (WorkloadRun run =
        new WorkloadRun(
            scenario, seed, recordings, recorder, LiveOptions.DEFAULT.watchdog(), isStopped)) {
      run.begin();
      List<String> wrong = run.awaitWorkloads();
      if (!wrong.isEmpty()) {
        throw new IOException(String.join("; ", wrong));
      }
      if (run.brokenOff) {
        throw new RunStoppedException();
      }
      RunReport.Expectations expectations = run.playSteps(() -> false);
      return run.report(run.end(), expectations);
    }
  }

  /** {@return the process whose memory it is} */
  public int pid() throws IOException {
    return engine.pid();
  }

  /** {@return the handlers in hand} */
  public List<ScenarioHandler> handlers() {
    return handlers.hands();
  }

  /** Lets the workloads begin. */
  public void begin() throws IOException {
    for (Worker worker : workers) {
      worker.begin();
    }
    handlers.begin();
  }

  /**
   * Waits until every workload is done, or {@link #stop} was called.
   *
   * @return what went otherwise than the scenario says, as bytes that somebody put there by hand
   * @throws IOException if a thread sleeps in a fault that nobody has answered for half a minute
   */
  public List<String> awaitWorkloads() throws IOException {
    long started = System.nanoTime();
    List<String> wrong = awaitAll();
    elapsedNs = System.nanoTime() - started;
    return wrong;
  }

  /** Plays the script, which comes when the workloads are done. */
  public synchronized RunReport.Expectations playSteps(BooleanSupplier suspended)
      throws IOException {
    Verdict verdict = new Verdict(engine, suspended);
    for (Step step : scenario.steps()) {
      if (!stopRequested) {
        play(step, verdict);
      }
    }
    return RunReport.Expectations.of(verdict.report());
  }

  /** Has {@link #awaitWorkloads} and {@link #playSteps} come to an end; for every thread. */
  public void stop() {
    stopRequested = true;
  }

  /** Ends the process. {@return what the handlers came to} */
  public List<LiveSummary> end() throws IOException {
    // The handlers end with the process they serve, and count nothing that nobody asked for.
    machine.close();
    return handlers.awaitEnd();
  }

  /** A thread of the scenario gets a signal that it handles. */
  public synchronized void signal(String thread) throws IOException {
    engine.thread(thread).signal();
  }

  /** fallocate(PUNCH_HOLE) of pages of a memory's file. {@return the errno's name} */
  public synchronized String punchHole(String memory, int first, int pages) {
    return String.valueOf(
        engine
            .perform(
                new Action.Fallocate(
                    memory, PUNCH_HOLE, (long) first * PAGE_BYTES, (long) pages * PAGE_BYTES))
            .get(Fact.ERRNO));
  }

  /**
   * madvise of pages by a new thread.
   *
   * @return whether it sleeps until somebody reads an event
   * @throws IllegalArgumentException if the kernel refuses it; the message has the errno
   */
  public synchronized boolean advise(String memory, int first, int pages, Action.Advice advice)
      throws IOException {
    String name = stranger();
    Span range = new Span(new Place(memory, (long) first * PAGE_BYTES), (long) pages * PAGE_BYTES);
    engine.perform(new Action.Madvise(name, range, advice));
    if (!engine.thread(name).awaitDone(HAND_NS)) {
      return true;
    }
    Object errno = engine.perform(new Action.Look(name)).get(Fact.ERRNO);
    if (errno != null && !errno.equals(Errno.OK.name())) {
      throw new IllegalArgumentException("madvise answers " + errno);
    }
    return false;
  }

  /** An access by a new thread. {@return its name} */
  public synchronized String touch(String memory, int page, boolean write) throws IOException {
    String name = stranger();
    long address = engine.address(new Place(memory, (long) page * PAGE_BYTES));
    RemoteThread thread = engine.thread(name);
    if (write) {
      thread.beginStore(address, WRITTEN);
    } else {
      thread.beginLoad(address);
    }
    return name;
  }

  private String stranger() throws IOException {
    String name = "hand-" + ++strangers;
    names.put(engine.newThread(name).tid(), name);
    return name;
  }

  @Override
  public void close() {
    stop();
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception failure) {
        throw new IllegalStateException("a run could not be given back", failure);
      }
    }
  }

  /** The script comes when the workloads are done; the handlers answer it as well. */
  private void play(Step step, Verdict verdict) throws IOException {
    try {
      verdict.check(step, Verdict.perform(step, this::perform));
    } catch (UncheckedIOException gone) {
      throw gone.getCause();
    } catch (IllegalStateException impossible) {
      verdict.impossible(step, String.valueOf(impossible.getMessage()));
    }
  }

  private Observation perform(Action action) {
    if (vm != null && action instanceof KvmAction.GuestTouch touch) {
      try {
        return vm.touch(touch);
      } catch (IOException gone) {
        throw new UncheckedIOException(gone);
      }
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
      check(spec);
      try {
        orderOf.put(spec, order(spec, seeds[i]));
      } catch (IllegalArgumentException impossible) {
        throw new IllegalStateException(impossible.getMessage(), impossible);
      }
    }
    return orderOf;
  }

  private static void check(WorkloadSpec spec) {
    if (spec.settings().number("think") != 0 || spec.settings().number("start") != 0) {
      throw new IllegalStateException(
          "%s has think or start, which only simulated time has: leave them away"
              .formatted(spec.actor()));
    }
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

  private Worker worker(WorkloadSpec spec, int[] pages) throws IOException {
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

  private List<String> awaitAll() throws IOException {
    List<String> wrong = new ArrayList<>();
    long lastMet = -1;
    long metAt = System.nanoTime();
    for (Worker worker : workers) {
      while (!worker.awaitDone(NAP_NS)) {
        if (stopRequested || isStopped.getAsBoolean()) {
          brokenOff = true;
          return wrong;
        }
        long met = workers.stream().mapToLong(Worker::met).sum();
        boolean held = handlers.hands().stream().anyMatch(each -> !each.control().held().isEmpty());
        if (met != lastMet || held) {
          lastMet = met;
          metAt = System.nanoTime();
        } else if (System.nanoTime() - metAt > STUCK_NS) {
          throw new IOException(
              worker.name() + " sleeps in a fault that no handler has answered for 30 s");
        }
      }
      worker.end().ifPresent(wrong::add);
    }
    return wrong;
  }

  /** {@return what it came to} */
  public RunReport report(List<LiveSummary> summaries, RunReport.Expectations expectations) {
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
    return RunReports.of(
        seed, summaries, ioctls, recorder.lastSequence(), stalls, elapsedNs, expectations);
  }
}
