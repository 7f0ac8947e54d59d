package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Errno;
import dev.faultscope.model.UffdIoctl;
import dev.faultscope.scenario.Cost;
import dev.faultscope.scenario.Costs;
import dev.faultscope.scenario.ExitHandlerSpec;
import dev.faultscope.scenario.HandlerSpec;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioRunner;
import dev.faultscope.scenario.WorkloadOracle;
import dev.faultscope.scenario.WorkloadSpec;
import dev.faultscope.simulation.kernel.Counters;
import dev.faultscope.simulation.kernel.Interruption;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kernel.QueuedFault;
import dev.faultscope.simulation.kernel.SimulationStoppedException;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.Userfaultfd;
import dev.faultscope.timeline.Recorder;
import dev.faultscope.workload.Accesses;
import dev.faultscope.workload.Recordings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A scenario being run on the simulated kernel, one thing after the other.
 *
 * <pre>{@code
 * Simulation simulation = Simulation.start(scenario, SimulationOptions.NONE, recorder);
 * while (simulation.advance()) {}
 * RunReport report = simulation.report();
 * }</pre>
 *
 * <p>Deterministic: the same scenario, options and hand actions at the same {@link #steps()} record
 * the same events, byte for byte. A run is forked by doing all that again up to a step.
 *
 * <p>For one thread at a time. It uses neither a clock nor threads: time is what {@link #nowNs}
 * says.
 */
public final class Simulation {
  private final Scenario scenario;
  private final long seed;
  private final Recorder recorder;
  private final SimulatedEngine engine;
  private final Interruption interruption;
  private final Machine machine;
  private final Scheduler scheduler;
  private final ScriptPlayer script;
  private final List<Handler> crews = new ArrayList<>();
  private final InterventionExecutor executor;
  private final @Nullable ExitHandler exits;
  private long steps;
  private boolean intervened;

  private Simulation(Scenario scenario, SimulationOptions options, Recorder recorder) {
    this.scenario = options.applyTo(scenario);
    this.recorder = recorder;
    seed = options.seedOf(scenario);
    boolean timed = this.scenario.isTimed();
    interruption = new Interruption(options.stopped());
    engine = new SimulatedEngine(recorder, timed ? 0 : SimulatedEngine.TICK_NS, interruption);
    engine.prepare(this.scenario);
    machine = engine.machine();
    boolean huge = this.scenario.memory().stream().anyMatch(each -> each.unitPages() > 1);
    scheduler =
        new Scheduler(
            machine.kernel(),
            timed ? this.scenario.costs() : Costs.NOTHING,
            this.scenario.kernel().folioLock(),
            huge ? MemoryFile.HUGE_PAGES * PAGE_BYTES : PAGE_BYTES);
    ScenarioRunner.register(this.scenario, engine);
    script = new ScriptPlayer(engine, this.scenario.steps(), scheduler, crews, this::isInHand);
    executor = new InterventionExecutor(machine, crews);
    SplittableRandom seeds = new SplittableRandom(seed);
    long[] workloadSeeds = this.scenario.workloadSeeds(seeds);
    for (HandlerSpec each : this.scenario.handlers()) {
      crews.add(
          new Handler(
              each,
              this.scenario,
              machine,
              scheduler,
              handled ->
                  new WorkloadOracle(
                      this.scenario,
                      workloadSeeds,
                      options.recordings(),
                      handled.pages(),
                      handled::page),
              seeds.split()));
    }
    ExitHandlerSpec exitSpec = this.scenario.exits();
    exits = exitSpec == null ? null : new ExitHandler(exitSpec, machine, scheduler, seeds.split());
    for (int i = 0; i < workloadSeeds.length; i++) {
      start(this.scenario.workloads().get(i), workloadSeeds[i], options.recordings());
    }
    crews.forEach(Handler::prepare);
    crews.forEach(crew -> crew.readers().forEach(Reader::start));
  }

  /**
   * Makes a scenario's machine; nothing has happened yet.
   *
   * @throws IllegalArgumentException if the scenario asks for what cannot be; the message says what
   * @throws IllegalStateException if the simulated kernel refuses a registration it starts with
   * @throws SimulationStoppedException if it is broken off meanwhile
   */
  public static Simulation start(Scenario scenario, SimulationOptions options, Recorder recorder) {
    return new Simulation(scenario, options, recorder);
  }

  private void start(WorkloadSpec spec, long workloadSeed, Recordings recordings) {
    int pages = scenario.memoryOf(spec).pages();
    Accesses accesses = spec.accesses(pages, workloadSeed, recordings);
    Task task = machine.task(spec.actor());
    Worker.Access access =
        machine.isVcpu(spec.actor()) ? guestAccess(spec) : userAccess(spec, task);
    Worker worker = new Worker(scheduler, task, accesses, access, spec.settings().number("think"));
    scheduler.add(worker);
    scheduler.events().schedule(worker, spec.settings().number("start"));
  }

  private Worker.Access guestAccess(WorkloadSpec spec) {
    ExitHandler.Guest guest =
        new ExitHandler.Guest(
            machine.slotOf(spec.memory()),
            machine.fileOrNull(spec.memory()),
            scenario.memoryOf(spec).filePage());
    return new VcpuAccess(
        machine.vcpu(spec.actor()), guest, exits, scheduler.costs().ns(Cost.STAGE2));
  }

  private Worker.Access userAccess(WorkloadSpec spec, Task task) {
    long address = machine.address(new Place(spec.memory(), 0));
    return new UserAccess(machine.kernel(), task, address, scheduler.costs().ns(Cost.SOFT_FAULT));
  }

  /**
   * Does the next thing that happens: one step of a thread, of a handler or of the script. It may
   * append several events, or none.
   *
   * @return whether there was something; false: nothing happens any more without a hand
   * @throws SimulationStoppedException if it is broken off, perhaps in the middle of a step: then
   *     there is no more of it
   */
  public boolean advance() {
    interruption.worked();
    boolean happened =
        script.isDue(scheduler.events().nextNs()) ? script.advance() : scheduler.advance();
    if (happened) {
      steps++;
    }
    return happened;
  }

  /** {@return how many calls of {@link #advance} and {@link #perform} did something} */
  public long steps() {
    return steps;
  }

  /** {@return simulated nanoseconds since the start} */
  public long nowNs() {
    return scheduler.nowNs();
  }

  /** {@return the seed of this run} */
  public long seed() {
    return seed;
  }

  /** {@return the scenario as it is run, its policy replaced where the options say so} */
  public Scenario scenario() {
    return scenario;
  }

  /** {@return every fault that waits, by userfaultfd, those that nobody has read first} */
  public List<QueuedFault> waiting() {
    List<QueuedFault> all = new ArrayList<>();
    machine.kernel().userfaultfds().forEach(uffd -> all.addAll(uffd.queued()));
    return all;
  }

  /** {@return names of the userfaultfds} */
  public List<String> uffds() {
    return machine.kernel().userfaultfds().stream().map(Userfaultfd::name).toList();
  }

  /** Lets handlers wait for a hand, or answer by themselves again. */
  public void manual(boolean on) {
    scheduler.manual(on);
  }

  /** {@return whether handlers wait for a hand} */
  public boolean isManual() {
    return scheduler.isManual();
  }

  /** Whether a person has changed the course of things, or is about to. */
  private boolean isInHand() {
    return intervened || scheduler.isManual();
  }

  /**
   * Does something that a person asks for, now.
   *
   * @throws IllegalArgumentException if it names what there is not
   * @throws IllegalStateException if it cannot be done; the message says why
   */
  public InterventionAnswer perform(Intervention hand) {
    long first = recorder.lastSequence() + 1;
    intervened = true;
    InterventionExecutor.Done[] done = {InterventionExecutor.Done.of("")};
    List<Integer> woke = scheduler.wokenBy(() -> done[0] = executor.perform(hand));
    steps++;
    return new InterventionAnswer(
        done[0].errno(), done[0].field(), woke, done[0].what(), first, recorder.lastSequence());
  }

  /** {@return what the run came to so far} */
  public RunReport report() {
    Kernel kernel = machine.kernel();
    Counters counters = kernel.counters();
    Map<String, Long> stalls = new LinkedHashMap<>();
    scenario.vcpus().forEach(each -> stalls.put(each.name(), stallNs(each.name())));
    scenario.threads().forEach(each -> stalls.put(each, stallNs(each)));
    long userfaults = machine.hasVm() ? machine.vm().userfaultExits() : 0;
    long memoryFaults = machine.hasVm() ? machine.vm().attributeExits() : 0;
    return new RunReport(
        Scenario.SIMULATION,
        seed,
        recorder.lastSequence(),
        new RunReport.Faults(
            counters.missing(),
            counters.minor(),
            counters.writeProtect(),
            userfaults,
            memoryFaults,
            machine.hasVm() ? machine.vm().stage2Faults() : 0),
        counters.messagesRead(),
        ioctls(counters),
        stalls,
        nowNs(),
        RunReport.Expectations.of(script.report()));
  }

  private long stallNs(String thread) {
    return machine.task(thread).stallNs();
  }

  private static Map<String, Map<String, Long>> ioctls(Counters counters) {
    Map<String, Map<String, Long>> all = new LinkedHashMap<>();
    for (UffdIoctl ioctl : UffdIoctl.values()) {
      Map<String, Long> outcomes = new LinkedHashMap<>();
      for (Errno errno : Errno.values()) {
        long count = counters.ioctls(ioctl, errno);
        if (count > 0) {
          outcomes.put(errno == Errno.OK ? "ok" : errno.name(), count);
        }
      }
      if (!outcomes.isEmpty()) {
        all.put(ioctl.name(), outcomes);
      }
    }
    return all;
  }

  /** {@return the kernel, for tests of its invariants} */
  Kernel kernel() {
    return machine.kernel();
  }
}
